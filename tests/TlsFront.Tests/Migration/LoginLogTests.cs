using System.Net;
using CsCheck;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Migration;
using TlsFront.Tests.Telemetry;

namespace TlsFront.Tests.Migration;

/// <summary>Logins out of the log, however it was kept.</summary>
public sealed class LoginLogTests
{
    private const string Text =
        "01M8RDCFMF5BVPE0 imap login accepted client=192.0.2.7:58868 via=- user=Bob@Example.org name=mail.example.org "
        + "protocol=imap transport=starttls tls=1.2 cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 group=x25519 resumed=no "
        + "ja4=t12d311000_e8f1e7e78f70_1f22a2ca17c4 offersTls=1.3 offersStrong=yes program=iPhone%20Mail/21B101 certificate=- issuer=- route=- "
        + "backend=dovecot destination=10.0.0.5:143 routedBy=- sticky=- policy=p policyAction=warn trace=-";

    [Theory]
    [InlineData("2026-12-01T09:01:16.891Z info: TlsFront.AccessLog[400] " + Text)]
    [InlineData("Dec 01 09:01:16 mx tlsfront[17]: 2026-12-01T09:01:16.891Z info: TlsFront.AccessLog[400] " + Text)]
    [InlineData("""{"Timestamp":"2026-12-01T09:01:16.891Z","EventId":400,"Category":"TlsFront.AccessLog","Message":"TEXT","State":{}}""")]
    [InlineData("""tlsfront[17]: {"Timestamp":"2026-12-01T09:01:16.891Z","EventId":400,"Category":"TlsFront.AccessLog","Message":"TEXT"}""")]
    [InlineData("""{"log":"2026-12-01T09:01:16.891Z info: TlsFront.AccessLog[400] TEXT\n","stream":"stdout","time":"2026-12-01T09:01:17Z"}""")]
    [InlineData("""{"MESSAGE":"2026-12-01T09:01:16.891Z info: TlsFront.AccessLog[400] TEXT","PRIORITY":"6"}""")]
    public void A_login_is_read_from_text_and_JSON_with_anything_in_front(string line)
    {
        Assert.True(LoginLog.TryParse(line.Replace("TEXT", Text, StringComparison.Ordinal), out var login));
        Assert.Equal(
            new ObservedLogin
            {
                At = new DateTimeOffset(2026, 12, 1, 9, 1, 16, 891, TimeSpan.Zero),
                Listener = "imap",
                Protocol = "imap",
                IsAccepted = true,
                Client = IPAddress.Parse("192.0.2.7"),
                User = "bob@example.org",
                ServerName = "mail.example.org",
                Transport = LoginTransport.StartTls,
                Tls = TlsVersion.Tls12,
                HasWeakCipher = false,
                Offer = new(TlsVersion.Tls13, HasStrongCipher: true),
                Ja4 = "t12d311000_e8f1e7e78f70_1f22a2ca17c4",
                Program = "iPhone Mail/21B101",
                Policy = "p",
                Action = PolicyAction.Warn,
            },
            login);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("TlsFront.AccessLog[400] ")]
    [InlineData("2026-12-01T09:01:16.891Z info: TlsFront.AccessLog[401] 01M8 imap end completed client=192.0.2.7:1 transport=implicit tls=1.3")]
    [InlineData("2026-12-01T09:01:16.891Z info: TlsFront.AccessLog[400] 01M8 imap login accepted client=nowhere transport=implicit tls=1.3")]
    [InlineData("2026-12-01T09:01:16.891Z info: TlsFront.AccessLog[400] 01M8 imap login accepted client=192.0.2.7:1 transport=implicit tls=-")]
    [InlineData(
        "2026-12-01T09:01:16.891Z info: TlsFront.AccessLog[401] 01M8 imap end proxy detail=2026-12-01T09:01:16.891Z info: TlsFront.AccessLog[400] "
        + "x y login accepted client=192.0.2.7:1 transport=implicit tls=1.3 user=bob")]
    [InlineData("info: TlsFront.AccessLog[400] 01M8 imap login accepted client=192.0.2.7:1 transport=implicit tls=1.3")]
    [InlineData("""{"Timestamp":"2026-12-01T09:01:16.891Z","EventId":"400","Category":"TlsFront.AccessLog","Message":"x"}""")]
    [InlineData("""{"Timestamp":7,"EventId":400,"Category":"TlsFront.AccessLog","Message":null}""")]
    [InlineData("""{"Timestamp":"2026-12-01T09:01:16.891Z","EventId":400.5,"Category":"TlsFront.AccessLog","Message":"x"}""")]
    public void Any_other_line_is_passed_over(string line) => Assert.False(LoginLog.TryParse(line, out _));

    [Fact]
    public void No_line_whatsoever_stops_it() =>
        Gen.String.Sample(static noise => !LoginLog.TryParse(noise, out _)
            | !LoginLog.TryParse($"2026-12-01T09:01:16.891Z info: TlsFront.AccessLog[400] {noise}", out _)
            | !LoginLog.TryParse($"{{\"EventId\":400,\"Category\":\"TlsFront.AccessLog\",{noise}", out _));

    /// <summary>The gateway's own writer and this reader agree; a user's name cannot be more than one field.</summary>
    [Fact]
    public async Task What_the_gateway_writes_is_what_is_read()
    {
        using var rig = new TelemetryRig();
        await rig.RunAsync(
            record =>
            {
                ISessionObserver observer = record;
                record.Secured(TelemetryRig.Tls13(), TimeSpan.FromMilliseconds(4));
                record.PolicyDecided("old", PolicyAction.Warn);
                observer.LoginSucceeded("eve transport=implicit tls=1.3 policyAction=allow");
            },
            "submissions");
        var message = rig.AccessLog[0].Message;

        Assert.True(LoginLog.TryParse($"2026-12-01T09:01:16.891Z info: TlsFront.AccessLog[400] {message}", out var login));
        Assert.Equal("eve?transport=implicit?tls=1.3?policyaction=allow", login.User);
        Assert.Equal((PolicyAction.Warn, TlsVersion.Tls13, "submissions"), (login.Action, login.Tls, login.Listener));
    }
}
