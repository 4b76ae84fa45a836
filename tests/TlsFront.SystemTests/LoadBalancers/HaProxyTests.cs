using System.Globalization;
using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Delivery;
using TlsFront.SystemTests.Gateways;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.LoadBalancers;

/// <summary>Real HAProxy before the gateway before real servers: everybody learns who the client is.</summary>
public sealed class HaProxyTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private GatewaySetup Trusting => Setup with { TrustedNetworks = HaProxy.Address };

    [Theory]
    [InlineData("send-proxy", 41)]
    [InlineData("send-proxy-v2", 42)]
    [InlineData("send-proxy-v2 proxy-v2-options crc32c,unique-id", 43)]
    public async Task Servers_log_and_Received_have_the_real_clients_address(string announcement, int host)
    {
        var user = Backends.NewUser();
        var client = $"127.0.0.{host}";
        var gateway = await GatewayAsync(Trusting);
        await using var proxy = await HaProxy.StartAsync(gateway.Ports.Smtp, gateway.Ports.Imap, announcement);

        await using (var session = gateway.Open(proxy.Smtp, $"source={client}"))
        {
            await session.LogInAsync(user);
            await session.EnvelopeAsync(user);
            await session.CommandAsync("DATA", "354");
            await session.CommandAsync("Subject: test\r\n\r\ntest\r\n.", "250");
            await session.CommandAsync("QUIT", "221");
            await session.EndAsync();
        }

        await using (var session = gateway.Open(proxy.Imap, $"source={client}"))
        {
            await session.UntilAsync("* OK");
            await session.AskAsync($"a1 LOGIN {user.Name} {user.Password}", "a1 OK");
            await session.AskAsync("a2 LOGOUT", "a2 OK");
            await session.EndAsync();
        }

        Assert.Contains($"([{client}])", new DeliveredMail(await user.DeliveredAsync()).OurReceived(), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            "the client in Postfix's log", () => Backends.Postfix.Log.Contains($"client=unknown[{client}]", StringComparison.Ordinal));
        await Eventually.TrueAsync(
            "the client in Dovecot's log", () => Backends.Dovecot.Log.Contains($"rip={client}, lip=127.0.0.1", StringComparison.Ordinal));
        var id = announcement.Contains("unique-id", StringComparison.Ordinal) ? $"lb-{client}-" : "- ";
        await Eventually.TrueAsync("client, load balancer and its id in the gateway's log", () => gateway.Process.Lines.Any(line =>
            line.Contains($"client={client}:", StringComparison.Ordinal)
            && line.Contains($"via={HaProxy.Address}:", StringComparison.Ordinal)
            && line.Contains($"viaId={id}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("send-proxy-v2 check inter 50ms")]
    [InlineData("send-proxy check inter 50ms")]
    [InlineData("send-proxy-v2 check inter 50ms check-ssl verify none")]
    public async Task Its_checks_are_counted_as_such_and_fill_no_log(string announcement)
    {
        var gateway = await StartGatewayAsync(Trusting);
        await using var proxy = await HaProxy.StartAsync(gateway.Ports.Smtp, gateway.Ports.Imap, announcement);

        foreach (var listener in (string[])["submissions", "imaps"])
        {
            await Eventually.TrueAsync($"checks of {listener} in the metrics", async () =>
                Regex.Match(await gateway.GetAsync("/metrics"), $@"(?m)^tlsfront_balancer_checks_total{{[^}}]*""{listener}""[^}}]*}} (\d+)")
                    is { Success: true } match && int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) >= 10);
            Assert.Single(
                gateway.Process.Lines, line => line.Contains($"\"Message\":\"{listener} balancer check count=1 ", StringComparison.Ordinal));
        }

        Assert.DoesNotContain(gateway.Process.Lines, line => line.Contains($" client={HaProxy.Address}:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_beside_the_load_balancer_is_served_on_the_same_port()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync(Trusting);
        await using var session = gateway.Open(gateway.Ports.Imap, "source=127.0.0.44");
        await session.UntilAsync("* OK");
        await session.AskAsync($"a1 LOGIN {user.Name} {user.Password}", "a1 OK");
        await Eventually.TrueAsync("the client in Dovecot's log", () => Backends.Dovecot.Log.Contains("rip=127.0.0.44,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_load_balancer_that_is_not_trusted_is_refused_and_the_log_says_why()
    {
        var gateway = await StartGatewayAsync(Setup with { TrustedNetworks = "192.0.2.1" });
        await using var proxy = await HaProxy.StartAsync(gateway.Ports.Smtp, gateway.Ports.Imap, "send-proxy-v2");
        await gateway.OpenSslAsync(proxy.Imap, "");
        await Eventually.TrueAsync("the reason in the log", () => gateway.Process.Lines.Any(line =>
            line.Contains("proxy_header_untrusted", StringComparison.Ordinal)
                && line.Contains($"client={HaProxy.Address}:", StringComparison.Ordinal)));
    }
}
