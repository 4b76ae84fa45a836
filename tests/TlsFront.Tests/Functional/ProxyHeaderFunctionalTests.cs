using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;

namespace TlsFront.Tests.Functional;

/// <summary>The gateway behind a load balancer that announces its clients.</summary>
public sealed class ProxyHeaderFunctionalTests
{
    private static readonly IPEndPoint LoadBalancer = IPEndPoint.Parse("10.0.0.1:4000");

    [Theory]
    [InlineData("TCP6 2001:db8::5 2001:db8::10 51000 465", "TCP6 2001:db8::5 2001:db8::10 51000 465", "[2001:db8::5]:51000")]
    [InlineData("TCP6 2001:db8::9 192.0.2.1 4711 465", "TCP6 2001:db8::9 ::ffff:192.0.2.1 4711 465", "[2001:db8::9]:4711")]
    [InlineData("TCP6 ::ffff:203.0.113.9 ::ffff:192.0.2.1 4711 465", "TCP4 203.0.113.9 192.0.2.1 4711 465", "203.0.113.9:4711")]
    [InlineData("TCP4 203.0.113.9 2001:db8::1 4711 465", "TCP4 203.0.113.9 0.0.0.0 4711 465", "203.0.113.9:4711")]
    public async Task Backend_and_log_get_the_real_client_and_the_log_names_the_load_balancer(string announced, string told, string logged)
    {
        await using var gateway = await StartAsync();
        var introduced = new TaskCompletionSource<string>();
        gateway.Network.Serve("192.0.2.1:10465", async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            introduced.SetResult(await backend.ExpectAsync("\r\n"));
            await backend.SendAsync("220 ready\r\n");
            await backend.ExpectAsync("QUIT\r\n");
            await backend.SendAsync("221 bye\r\n");
        });

        var pipe = await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["submissions"], LoadBalancer);
        await SendAsync(pipe, $"PROXY {announced}\r\n");
        await using (var client = await TestClient.HandshakeAsync(pipe))
        {
            await client.ExpectAsync("220 ready\r\n");
            await client.SendAsync("QUIT\r\n");
            await client.ReadToEndAsync();
        }

        Assert.Equal($"PROXY {told}\r\n", await introduced.Task.WaitAsync(TestClient.Patience));
        Assert.Equal("completed", await gateway.Ends.NextAsync());
        await SeenAsync(gateway, $" client={logged} via=10.0.0.1:4000 ");
    }

    [Fact]
    public async Task A_header_that_is_refused_stands_in_the_log()
    {
        await using var gateway = await StartAsync();
        var pipe = await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["submissions"], LoadBalancer);
        await SendAsync(pipe, "PROXY TCP4 999.1.1.1 192.0.2.1 1 2\r\n");
        Assert.Equal("proxy_header_invalid", await gateway.Ends.NextAsync());
        await SeenAsync(gateway, ": \"PROXY TCP4 999.1.1.1 192.0.2.1 1 2\"");
    }

    [Fact]
    public async Task A_header_from_elsewhere_is_refused_and_said()
    {
        await using var gateway = await StartAsync();
        var pipe = await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["submissions"], IPEndPoint.Parse("203.0.113.9:4000"));
        await SendAsync(pipe, "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n");
        Assert.Equal("proxy_header_untrusted", await gateway.Ends.NextAsync());
        await SeenAsync(gateway, " client=203.0.113.9:4000 via=- ");
    }

    [Fact]
    public async Task A_header_where_none_is_expected_is_refused_even_from_a_load_balancer()
    {
        await using var gateway = await StartAsync();
        var pipe = await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["imaps"], LoadBalancer);
        await SendAsync(pipe, "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n");
        Assert.Equal("proxy_header_untrusted", await gateway.Ends.NextAsync());
    }

    [Fact]
    public async Task A_load_balancer_without_a_header_is_refused_and_a_client_beside_it_is_served()
    {
        await using var gateway = await StartAsync();
        gateway.Network.Serve("192.0.2.1:10465", async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            await backend.ExpectAsync("\r\n");
            await backend.SendAsync("220 ready\r\n");
            await backend.ReadToEndAsync();
        });
        var pipe = await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["submissions"], LoadBalancer);
        await SendAsync(pipe, "\x16\x03\x01");
        Assert.Equal("proxy_header_missing", await gateway.Ends.NextAsync());
        await using var webmail = await gateway.ConnectAsync("submissions", IPEndPoint.Parse("10.9.9.9:4000"));
        await webmail.ExpectAsync("220 ready\r\n");
    }

    [Fact]
    public async Task Admission_and_limits_are_the_real_clients()
    {
        await using var gateway = await StartAsync(settings => settings with
        {
            Limits = new LimitSettings { ConnectionRate = new(1, TimeSpan.FromHours(1)) },
            Listeners = [.. settings.Listeners.Select(listener => listener with { Admission = new(null, new(Networks("203.0.113.0/24"), [])) })],
        });
        foreach (
            var (client, reason) in ((string, string)[])
            [
                ("198.51.100.1", "tls_client_left"), ("198.51.100.2", "tls_client_left"), ("198.51.100.1", "refused limit_connection_rate"),
                ("203.0.113.5", "refused denied")
            ])
        {
            var pipe = await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["submissions"], LoadBalancer);
            await SendAsync(pipe, $"PROXY TCP4 {client} 192.0.2.1 1 2\r\n");
            await pipe.Output.CompleteAsync();
            await new ScriptedPeer(pipe).ReadToEndAsync();
            await SeenAsync(gateway, reason);
        }
    }

    private static Task<TestGateway> StartAsync(Func<GatewaySettings, GatewaySettings>? change = null) => TestGateway.StartAsync(
        settings =>
        {
            settings = settings with
            {
                Listeners = [.. settings.Listeners.Select(listener =>
                    listener.Name == "submissions"
                        ? listener with { ProxyProtocol = new(Networks("10.0.0.1/32"), RefusesOthers: false) }
                        : listener)],
            };
            return change is null ? settings : change(settings);
        },
        services => services.AddLogging(logging => logging.AddFakeLogging()));

    private static NetworkSet Networks(string network) => NetworkSet.Of([IPNetwork.Parse(network)]);

    private static async Task SendAsync(IDuplexPipe pipe, string text) => await pipe.Output.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>The line may be written a moment after the connection was closed.</summary>
    private static async Task SeenAsync(TestGateway gateway, string part)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (!Lines(gateway).Any(line => line.Contains(part, StringComparison.Ordinal)))
        {
            await Task.Delay(5, patience.Token);
        }
    }

    private static IEnumerable<string> Lines(TestGateway gateway) => gateway.Host.Services.GetFakeLogCollector().GetSnapshot()
        .Where(record => record.Category == "TlsFront.AccessLog").Select(record => record.Message);
}
