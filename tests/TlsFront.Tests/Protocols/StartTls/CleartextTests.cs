using TlsFront.Connections;
using TlsFront.Tests.Protocols.HeldLogin;

namespace TlsFront.Tests.Protocols.StartTls;

/// <summary>Logins without TLS, where some users may.</summary>
public sealed class CleartextTests
{
    private const string Smtp = "250-mx|250-SIZE 10240|250-AUTH PLAIN LOGIN CRAM-MD5|250 8BITMIME";

    private static readonly LoginRefusal Required =
        new("TLS is required", "530 5.7.0", endsSession: false) { Kind = LoginRefusalKind.Transport };

    [Theory]
    [InlineData(
        "smtp", "EHLO device\r\n",
        "220 mail.example.com ESMTP\r\n250-mail.example.com\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n250-STARTTLS\r\n"
        + "250 ENHANCEDSTATUSCODES\r\n")]
    [InlineData(
        "imap", "a CAPABILITY\r\n",
        "* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN ID] mail.example.com ready\r\n"
        + "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN ID\r\na OK done\r\n")]
    [InlineData("pop3", "CAPA\r\n", "+OK mail.example.com ready\r\n+OK\r\nSTLS\r\nUSER\r\nRESP-CODES\r\nPIPELINING\r\n.\r\n")]
    [InlineData("sieve", "", "\"IMPLEMENTATION\" \"TlsFront\"\r\n\"SIEVE\" \"\"\r\n\"SASL\" \"PLAIN\"\r\n\"STARTTLS\"\r\n"
        + "\"VERSION\" \"1.0\"\r\nOK \"mail.example.com ready\"\r\n")]
    public void The_way_to_log_in_is_offered_beside_the_way_to_TLS(string protocol, string ask, string offer)
    {
        var session = Start(protocol);
        session.Client(ask);
        Assert.Equal(offer, session.ToClient);
        Assert.Equal(0, session.Connects);
    }

    [Fact]
    public void What_the_backends_offer_is_offered()
    {
        var session = Start("smtp", Smtp);
        session.Client("EHLO device\r\n");
        Assert.Contains("\r\n250-AUTH PLAIN LOGIN\r\n", session.ToClient, StringComparison.Ordinal);
    }

    [Fact]
    public void A_submission_without_TLS_says_so_in_its_message()
    {
        var session = Start("smtp", Smtp);
        session.Client("EHLO device\r\nAUTH PLAIN AGJvYgBzZWNyZXQ=\r\n");
        session.TakeToClient();
        Assert.Equal("bob", session.Facts.User);

        session.Backend("220 backend ESMTP\r\n");
        Assert.Equal("EHLO device\r\n", session.TakeToBackend());
        session.Backend("250-backend\r\n250 AUTH PLAIN\r\n334 \r\n");
        Assert.Equal("AUTH PLAIN\r\nAGJvYgBzZWNyZXQ=\r\n", session.TakeToBackend());
        session.Backend("235 2.7.0 in\r\n");
        Assert.Equal("235 2.7.0 in\r\n", session.TakeToClient());

        session.Client("MAIL FROM:<bob@example.org>\r\n");
        session.Backend("250 ok\r\n");
        session.Client("RCPT TO:<ann@example.org>\r\n");
        session.Backend("250 ok\r\n");
        session.Client("DATA\r\n");
        session.Backend("354 go\r\n");
        session.Client("Subject: x\r\n\r\nx\r\n.\r\n");
        Assert.Contains(" with ESMTPA id ", session.ToBackend, StringComparison.Ordinal);
        Assert.DoesNotContain("tls ", session.ToBackend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smtp", "EHLO device\r\nAUTH PLAIN AGJvYgBzZWNyZXQ=\r\n", "530 5.7.0 TLS is required\r\n")]
    [InlineData("imap", "a LOGIN bob secret\r\n", "a NO [PRIVACYREQUIRED] TLS is required\r\n")]
    [InlineData("pop3", "USER bob\r\nPASS secret\r\n", "-ERR [SYS/PERM] TLS is required\r\n")]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\" \"AGJvYgBzZWNyZXQ=\"\r\n", "NO (ENCRYPT-NEEDED) \"TLS is required\"\r\n")]
    public void Whom_no_policy_lets_in_is_refused_and_may_leave(string protocol, string login, string refusal)
    {
        var session = Start(protocol, refusal: Required);
        session.Client(login);
        Assert.EndsWith(refusal, session.ToClient, StringComparison.Ordinal);
        Assert.Equal("", session.ToBackend);
        Assert.Null(session.Closed);
    }

    /// <summary>The session was never behind TLS: what an attacker on the way put there must not get there.</summary>
    [Theory]
    [InlineData("smtp", "EHLO device\r\nAUTH PLAIN AGJvYgBzZWNyZXQ=\r\n", "STARTTLS\r\n", "503 5.5.1 Not possible now\r\n")]
    [InlineData("imap", "a LOGIN bob secret\r\n", "b STARTTLS\r\n", "b BAD Not possible now\r\n")]
    [InlineData("pop3", "USER bob\r\nPASS secret\r\n", "STLS\r\n", "-ERR Not possible now\r\n")]
    [InlineData(
        "sieve", "AUTHENTICATE \"PLAIN\" \"AGJvYgBzZWNyZXQ=\"\r\n", "STARTTLS\r\n", "NO \"Not possible now\"\r\n")]
    public void A_login_is_the_end_of_STARTTLS(string protocol, string login, string command, string refusal)
    {
        var session = Start(protocol, refusal: LoginRefusal.Plain);
        session.Client(login);
        session.TakeToClient();
        session.Client(command);
        Assert.Equal(refusal, session.ToClient);
        Assert.Equal(0, session.Handshakes);
    }

    [Fact]
    public void Behind_STARTTLS_nothing_is_left_of_the_offer_in_cleartext()
    {
        var session = Start("smtp", Smtp);
        session.Client("EHLO one\r\nSTARTTLS\r\n");
        session.TakeToClient();
        session.Client("AUTH PLAIN AGJvYgBzZWNyZXQ=\r\n");
        Assert.StartsWith("503 ", session.ToClient, StringComparison.Ordinal);
        Assert.Equal((1, 0), (session.Handshakes, session.Connects));
    }

    [Theory]
    [InlineData("smtp", "AUTH PLAIN AGJvYgBzZWNyZXQ=\r\n", "503 ")]
    [InlineData("imap", "a AUTHENTICATE CRAM-MD5\r\n", "a NO ")]
    [InlineData("pop3", "PASS secret\r\n", "-ERR ")]
    public void A_login_out_of_order_or_by_what_is_not_offered_is_refused(string protocol, string login, string refusal)
    {
        var session = Start(protocol);
        session.TakeToClient();
        session.Client(login);
        Assert.StartsWith(refusal, session.ToClient, StringComparison.Ordinal);
        Assert.Equal(0, session.Connects);
    }

    private static MachineHarness Start(string protocol, string? capabilities = null, LoginRefusal? refusal = null)
    {
        var facts = MachineHarness.DefaultFacts();
        facts.Tls = null;
        return new MachineHarness(observer => HeldLogins.Create(protocol, observer, capabilities, isOptional: true), facts)
        {
            Refusal = refusal,
        }.Start();
    }
}
