using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Delivery;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.ContentFilters;

/// <summary>
/// What content filters behind Postfix make of mail that was handed in through the gateway: the topmost Received field is Postfix's, which did no
/// TLS, and that is no reason to suspect the message.
/// </summary>
public sealed class ContentFilterTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Rule = "RCVD_NO_TLS_LAST";

    [Fact]
    public async Task Rspamd_has_nothing_against_mail_of_users_who_logged_in()
    {
        await using var filter = await Rspamd.StartAsync();
        var port = Ports.Next();
        await using var postfix = await Backends.StartPostfixAsync("filtered", $"""
            127.0.0.1:{port} inet n - n - - smtpd
              -o smtpd_upstream_proxy_protocol=haproxy
              -o smtpd_sasl_auth_enable=yes
              -o smtpd_milters=inet:127.0.0.1:{filter.Milter}

            """);
        foreach (var client in (string[])["full", "hide"])
        {
            var user = Backends.NewUser();
            var message = await HandInAsync(Setup with { Smtp = [port], ReceivedClient = client }, user);

            // As a milter it does not see Postfix's field; where ours hides the client it makes one up, without TLS.
            var verdict = await filter.VerdictAsync($"{user.Name}@filters.test");
            Assert.Contains($"user: {user.Name},", verdict, StringComparison.Ordinal);
            Assert.Contains("RCVD_VIA_SMTP_AUTH", verdict, StringComparison.Ordinal);
            Assert.DoesNotContain(Rule, verdict, StringComparison.Ordinal);

            // Behind the queue it sees Postfix's field, and must be told who logged in.
            Assert.Contains(Rule, await filter.ScanAsync(message), StringComparison.Ordinal);
            Assert.DoesNotContain(Rule, await filter.ScanAsync(message, "--user", user.Name), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("full")]
    [InlineData("hide")]
    public async Task SpamAssassin_trusts_mail_of_users_who_logged_in(string client)
    {
        using var folder = new TemporaryFolder();
        var message = await HandInAsync(Setup with { ReceivedClient = client }, Backends.NewUser());
        var verdict = await Command.RunAsync("env", [$"HOME={folder.Path}", "spamassassin", "--local", "--test-mode"], message);

        Assert.Matches(new Regex(@"^X-Spam-Status: No,[^\n]*\bALL_TRUSTED\b", RegexOptions.Multiline), verdict.Succeeded().Output);
    }

    /// <summary>A message from a public address, as it was delivered.</summary>
    private async Task<string> HandInAsync(Gateways.GatewaySetup setup, MailUser user)
    {
        const string Balancer = "127.0.0.97";
        var gateway = await StartGatewayAsync(setup with { TrustedNetworks = Balancer });
        var header = Convert.ToHexString("PROXY TCP4 203.0.113.5 192.0.2.1 4711 465\r\n"u8);
        await using var session = gateway.Open(gateway.Ports.Smtp, $"source={Balancer}", $"header={header}");
        await session.LogInAsync(user);
        await session.EnvelopeAsync(user);
        await session.CommandAsync("DATA", "354");
        await session.CommandAsync($"""
            From: {user.Address}
            To: {user.Address}
            Subject: test
            Date: Sun, 29 Nov 2026 05:00:00 +0000
            Message-ID: <{user.Name}@filters.test>

            Some words.
            .
            """.ReplaceLineEndings("\r\n"), "250");
        await session.CommandAsync("QUIT", "221");
        await session.EndAsync();
        return await user.DeliveredAsync();
    }
}
