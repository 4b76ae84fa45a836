using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Delivery;
using TlsFront.SystemTests.Gateways;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Identity;

/// <summary>Servers without PROXY protocol learn the client's address in their own: XCLIENT of Postfix, ID and XCLIENT of Dovecot.</summary>
public sealed class IdentityTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Client = "127.0.0.9";
    private const string Message = "From: sender@example.test\r\nSubject: introduced\r\n\r\nhello\r\n";

    private GatewaySetup Introduced => Setup with
    {
        Smtp = [Backends.Postfix.OpenRelayPort],
        Imap = [Backends.Dovecot.PlainImapPort],
        Pop3 = [Backends.Dovecot.PlainPop3Port],
        IntroducedFrom = MailBackends.TrustedAddress,
        HasStartTls = true,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Postfix_and_Dovecot_log_the_client(bool startsTls)
    {
        var user = Backends.NewUser();
        var gateway = await StartGatewayAsync(Introduced);
        var (smtp, imap, pop3) = startsTls ? gateway.Ports.StartTls : (gateway.Ports.Smtp, gateway.Ports.Imap, gateway.Ports.Pop3);
        var s = startsTls ? "" : "s";
        string[] login = ["--interface", Client, "--ssl-reqd", "--user", $"{user.Name}:{user.Password}"];

        (await gateway.CurlAsync(
            smtp, $"smtp{s}://HOST", Message,
            [.. login, "--mail-from", user.Address, "--mail-rcpt", user.Address, "--upload-file", "-"])).Succeeded();
        var mail = new DeliveredMail(await user.DeliveredAsync());
        Assert.Contains($"([{Client}])", mail.OurReceived(), StringComparison.Ordinal);
        var read = (await gateway.CurlAsync(imap, $"imap{s}://HOST/INBOX;MAILINDEX=1", "", login)).Succeeded();
        Assert.Contains("introduced", read.Output, StringComparison.Ordinal);
        read = (await gateway.CurlAsync(pop3, $"pop3{s}://HOST/1", "", login)).Succeeded();
        Assert.Contains("introduced", read.Output, StringComparison.Ordinal);

        await Eventually.LoggedAsync(
            Regex.Escape($"client=unknown[{Client}], sasl_method=PLAIN, sasl_username={user.Name}"), () => Backends.Postfix.Log);
        await Eventually.LoggedAsync(
            $@"imap-login: Info: Login: user=<{user.Name}>.* rip={Client}, .*session=<\w{{16}}>", () => Backends.Dovecot.Log);
        await Eventually.LoggedAsync(
            $@"pop3-login: Info: Login: user=<{user.Name}>.* rip={Client}, .*session=<\w{{16}}>", () => Backends.Dovecot.Log);
    }

    [Fact]
    public async Task A_client_cannot_say_who_it_is_itself()
    {
        var user = Backends.NewUser();
        var gateway = await StartGatewayAsync(Introduced);
        await using var session = gateway.Open(gateway.Ports.Imap);
        await session.UntilAsync("* OK");
        await session.AskAsync("a ID (\"x-originating-ip\" \"192.0.2.66\" \"name\" \"x\")", "a ");
        await session.AskAsync($"b LOGIN {user.Name} {user.Password}", "b OK");
        await Eventually.TrueAsync(
            "the login is in the log", () => Backends.Dovecot.Log.Contains($"user=<{user.Name}>", StringComparison.Ordinal));
        Assert.DoesNotContain("192.0.2.66", Backends.Dovecot.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Servers_that_do_not_trust_the_gateway_serve_nobody()
    {
        // From another address than the one they trust.
        var gateway = await StartGatewayAsync(Introduced with { IntroducedFrom = "127.0.0.78" });
        await using var smtp = gateway.Open(gateway.Ports.Smtp);
        Assert.StartsWith("421 ", await smtp.LineAsync(), StringComparison.Ordinal);
        await using var pop3 = gateway.Open(gateway.Ports.Pop3);
        Assert.StartsWith("-ERR ", await pop3.LineAsync(), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            "the log says why", () => gateway.Log.Contains("identity_refused", StringComparison.Ordinal));
    }
}
