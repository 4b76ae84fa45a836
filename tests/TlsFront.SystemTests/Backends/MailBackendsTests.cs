using System.Net;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Backends;

/// <summary>The servers alone, without a gateway: what the other tests build on.</summary>
public sealed class MailBackendsTests(MailBackends backends, ITestOutputHelper output) : SystemTest(backends, output)
{
    private const string Header = "50524f58592054435034203139322e302e322e37203139322e302e322e31203430303020353030300d0a";

    [Fact]
    public async Task Postfix_takes_the_client_address_from_a_PROXY_header_and_delivers_what_a_user_sends()
    {
        var user = Backends.NewUser();
        await using var session = Session.Open(Backends.Postfix.SubmissionPort, "tls=no", $"header={Header}");
        await session.ReplyAsync("220");
        await session.CommandAsync("EHLO client.test", "250");
        await session.CommandAsync($"AUTH PLAIN {user.PlainCredentials}", "235");
        await session.CommandAsync($"MAIL FROM:<{user.Address}>", "250");
        await session.CommandAsync($"RCPT TO:<{user.Address}>", "250");
        await session.CommandAsync("DATA", "354");
        await session.CommandAsync("Subject: hello\r\n\r\nworld\r\n.", "250");

        Assert.EndsWith("\n\nworld\n", await user.DeliveredAsync(), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            "the address in the log", () => Backends.Postfix.Log.Contains("client=unknown[192.0.2.7]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dovecot_refuses_plaintext_logins_unless_the_PROXY_header_says_that_the_client_used_TLS()
    {
        await using var session = Session.Open(Backends.Dovecot.ImapPort, "tls=no", $"header={Header}");

        Assert.Contains("LOGINDISABLED", await session.LineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dovecot_reads_every_field_of_the_header_the_gateway_sends_and_skips_the_ones_it_does_not_know()
    {
        var user = Backends.NewUser();
        var facts = new SessionFacts
        {
            Id = "01J0CONNECTION",
            HostName = "mx.example.com",
            Client = new(IPAddress.Parse("192.0.2.77"), 40000),
            Local = new(IPAddress.Parse("192.0.2.1"), 993),
            Tls = new(TlsVersion.Tls13, "TLS_AES_256_GCM_SHA384", "mail.example.com", "imap"),
        };
        var header = new byte[1500];
        var length = ProxyHeaderWriter.Write(header, facts, ProxyHeaderProfiles.Of(BackendKind.Dovecot, ProxyHeaderVersion.V2, MailProtocol.Imap));

        await using var session = Session.Open(Backends.Dovecot.ImapPort, "tls=no", $"header={Convert.ToHexString(header, 0, length)}");

        Assert.Contains("AUTH=PLAIN", await session.LineAsync(), StringComparison.Ordinal);
        Assert.Contains("a OK", await session.AskAsync($"a LOGIN {user.Name} {user.Password}", "a "), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            "the address in the log", () => Backends.Dovecot.Log.Contains("rip=192.0.2.77, lip=192.0.2.1", StringComparison.Ordinal));
    }
}
