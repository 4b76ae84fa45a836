using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Delivery;

/// <summary>A real Postfix that speaks TLS behind the PROXY header.</summary>
public sealed class BackendTlsTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private string Verified => $"{{ mode: implicit, ca: {Backends.Postfix.AuthorityFile}, serverName: {Postfix.InternalName} }}";

    [Fact]
    public async Task A_message_goes_through_and_the_server_sees_the_client_and_TLS()
    {
        var user = Backends.NewUser();
        var gateway = await StartGatewayAsync(Setup with { Smtp = [Backends.Postfix.SecurePort], SmtpTls = Verified });
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.LogInAsync(user);
        await session.EnvelopeAsync(user);
        await session.CommandAsync("DATA", "354");
        await session.SendAsync($"Subject: secret\r\n\r\n{string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 30_000))}");
        await session.CommandAsync(".", "250");
        await session.CommandAsync("QUIT", "221");

        Assert.Equal("close_notify", await session.EndAsync());
        var mail = new DeliveredMail(await user.DeliveredAsync());
        Assert.Contains("ESMTPSA", mail.OurReceived(), StringComparison.Ordinal);
        await Eventually.LoggedAsync(Regex.Escape("TLS connection established from"), () => Backends.Postfix.Log);
    }

    [Fact]
    public async Task The_probe_speaks_TLS_too()
    {
        await using var postfix = await Backends.StartPostfixAsync("secure");
        await StartGatewayAsync(
            Setup with
            {
                Smtp = [postfix.SecurePort],
                SmtpTls = $"{{ mode: implicit, ca: {postfix.AuthorityFile}, serverName: {Postfix.InternalName} }}"
            });
        await Eventually.TrueAsync(
            "Postfix logs the probe", () => postfix.Log.Contains("disconnect from localhost[127.0.0.1] quit=1 commands=1", StringComparison.Ordinal));
        await Eventually.LoggedAsync(Regex.Escape("TLS connection established from localhost[127.0.0.1]"), () => postfix.Log);
    }

    [Fact]
    public async Task A_server_with_another_name_gets_no_password()
    {
        var gateway = await StartGatewayAsync(
            Setup with
            {
                Smtp = [Backends.Postfix.SecurePort],
                SmtpTls = Verified.Replace(Postfix.InternalName, "other.internal", StringComparison.Ordinal)
            });
        await using var session = gateway.Open(gateway.Ports.Smtp);
        Assert.StartsWith("421 4.3.2 ", await session.LineAsync(), StringComparison.Ordinal);
        await Eventually.TrueAsync("the gateway says why", () => gateway.Log.Contains("TLS with it failed", StringComparison.Ordinal));
    }
}
