using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Delivery;

/// <summary>In front of a Postfix that relays for its own network, which the gateway's address belongs to.</summary>
public sealed class OpenRelayTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Stranger = "victim@elsewhere.invalid";

    [Fact]
    public async Task Postfix_alone_relays_for_everybody_on_its_network()
    {
        await using var session = Session.Open(Backends.Postfix.OpenRelayPort, "tls=no");
        await session.ReplyAsync("220");
        await session.CommandAsync("EHLO client.example.test", "250");
        await session.CommandAsync("MAIL FROM:<direct@example.test>", "250");
        await session.CommandAsync($"RCPT TO:<{Stranger}>", "250");
        await session.CommandAsync("DATA", "354");
        await session.CommandAsync("Subject: relay\r\n\r\nx\r\n.", "250");

        await Eventually.TrueAsync("the relayed message", () => Relayed("direct@example.test"));
    }

    [Fact]
    public async Task The_gateway_refuses_everything_that_hands_in_mail_before_a_login()
    {
        var gateway = await GatewayAsync(Setup with { Smtp = [Backends.Postfix.OpenRelayPort], SmtpProxyProtocol = "none" });
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.ReplyAsync("220");
        await session.CommandAsync("EHLO client.example.test", "250");

        await session.CommandAsync("MAIL FROM:<through@example.test>", "530 5.7.0");
        await session.CommandAsync($"RCPT TO:<{Stranger}>", "530 5.7.0");
        await session.CommandAsync("DATA", "530 5.7.0");
        await session.CommandAsync("VRFY root", "530 5.7.0");
        await session.CommandAsync("EXPN root", "530 5.7.0");
        await session.SendAsync("MAIL FROM:<through@example.test>\r\nRCPT TO:<victim@elsewhere.invalid>\r\nBDAT 5 LAST\r\nNOOP\r\n");
        await session.ReplyAsync("530 5.7.0");
        await session.ReplyAsync("530 5.7.0");
        await session.ReplyAsync("530 5.7.0");
        Assert.DoesNotContain("from=<through@example.test>", Backends.Postfix.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_login_the_same_Postfix_relays()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync(Setup with { Smtp = [Backends.Postfix.OpenRelayPort], SmtpProxyProtocol = "none" });
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.LogInAsync(user);
        await session.CommandAsync($"MAIL FROM:<{user.Address}>", "250");
        await session.CommandAsync($"RCPT TO:<{Stranger}>", "250");
        await session.CommandAsync("DATA", "354");
        await session.CommandAsync("Subject: relay\r\n\r\nx\r\n.", "250");

        await Eventually.TrueAsync("the relayed message", () => Relayed(user.Address));
    }

    [Fact]
    public async Task A_refused_login_does_not_open_the_way()
    {
        var gateway = await GatewayAsync(Setup with { Smtp = [Backends.Postfix.OpenRelayPort], SmtpProxyProtocol = "none" });
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.ReplyAsync("220");
        await session.CommandAsync("EHLO client.example.test", "250");
        await session.CommandAsync("AUTH PLAIN AHVzZXIxAHdyb25n", "535");

        await session.CommandAsync("MAIL FROM:<refused@example.test>", "530 5.7.0");
    }

    private bool Relayed(string sender) =>
        Backends.Postfix.Log.Contains($"from=<{sender}>", StringComparison.Ordinal)
            && Backends.Postfix.Log.Contains($"to=<{Stranger}>, relay=none", StringComparison.Ordinal);
}
