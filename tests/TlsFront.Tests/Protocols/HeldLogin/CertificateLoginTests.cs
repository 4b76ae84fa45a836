using System.Text;
using TlsFront.Connections;

namespace TlsFront.Tests.Protocols.HeldLogin;

/// <summary>Logins by EXTERNAL (RFC 4422 appendix A), for clients whose certificate names a user.</summary>
public sealed class CertificateLoginTests
{
    private const string Smtp = "250-mx|250-AUTH PLAIN|250 8BITMIME";

    [Theory]
    [InlineData("smtp", "EHLO a\r\n", "AUTH PLAIN EXTERNAL\r\n", "AUTH EXTERNAL =\r\n", "220 x\r\n250 x\r\n334 \r\n", "235 ok\r\n")]
    [InlineData("imap", "a CAPABILITY\r\n", "AUTH=PLAIN AUTH=EXTERNAL", "b AUTHENTICATE EXTERNAL =\r\n", "* OK x\r\n+ \r\n", "b OK in\r\n")]
    [InlineData("pop3", "CAPA\r\n", "SASL EXTERNAL\r\n", "AUTH EXTERNAL =\r\n", "+OK x\r\n+ \r\n", "+OK in\r\n")]
    [InlineData("sieve", "CAPABILITY\r\n", "\"SASL\" \"PLAIN EXTERNAL\"", "AUTHENTICATE \"EXTERNAL\" \"\"\r\n", "OK\r\n\"\"\r\n", "OK\r\n")]
    public void It_is_offered_and_the_backend_hears_a_login_of_the_gateways_own(
        string protocol, string question, string offer, string login, string greeting, string verdict)
    {
        var session = HeldLogins.StartCertified(protocol, "alice@example.org", protocol == "smtp" ? Smtp : null);
        session.Client(question);
        Assert.Contains(offer, session.TakeToClient(), StringComparison.Ordinal);
        session.Facts.BackendLogin = new BackendLogin("alice@example.org", "gateway", "s3cr3t"u8.ToArray());
        session.Client(login);
        Assert.Equal(("alice@example.org", true), (session.Facts.User, session.Facts.IsLoginByCertificate));
        session.Backend(greeting);
        Assert.Contains(Base64("alice@example.org\0gateway\0s3cr3t"), session.TakeToBackend(), StringComparison.Ordinal);
        session.Backend(verdict);
        Assert.EndsWith(verdict, session.TakeToClient(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AUTH EXTERNAL\r\n", "=\r\n")]
    [InlineData("AUTH EXTERNAL\r\n", "\r\n")]
    [InlineData("AUTH EXTERNAL YWxpY2U=\r\n", "")]
    [InlineData("AUTH EXTERNAL\r\n", "YWxpY2U=\r\n")]
    public void The_client_may_say_nothing_or_its_own_name(string command, string response)
    {
        var session = HeldLogins.StartCertified("pop3", "alice");
        session.Client(command);
        session.Client(response);
        Assert.Equal((1, "alice"), (session.Connects, session.Facts.User));
    }

    [Theory]
    [InlineData("Ym9i")]
    [InlineData("QWxpY2U=")]
    [InlineData("YWxpY2UA")]
    [InlineData("YWxpY2U")]
    [InlineData("IA==")]
    public void Nobody_logs_in_as_somebody_else_or_in_another_spelling(string name)
    {
        var session = HeldLogins.StartCertified("pop3", "alice");
        session.TakeToClient();
        session.Client($"AUTH EXTERNAL {name}\r\n");
        Assert.Equal((0, "-ERR [AUTH] Authentication failed\r\n"), (session.Connects, session.TakeToClient()));
    }

    [Fact]
    public void Without_a_name_in_a_certificate_it_is_neither_offered_nor_taken()
    {
        var session = HeldLogins.StartCertified("imap", user: null);
        session.Client("a CAPABILITY\r\nb AUTHENTICATE EXTERNAL =\r\n");
        var said = session.TakeToClient();
        Assert.DoesNotContain("EXTERNAL", said, StringComparison.Ordinal);
        Assert.EndsWith("b NO [CANNOT] Mechanism not available\r\n", said, StringComparison.Ordinal);
        Assert.Equal(0, session.Connects);
    }

    [Fact]
    public void A_certificate_does_not_make_a_password_login_one_by_certificate()
    {
        var session = HeldLogins.StartCertified("pop3", "alice");
        session.Client("AUTH EXTERNAL Ym9i\r\n");
        session.Client("USER bob\r\n");
        session.Client("PASS secret\r\n");
        Assert.Equal(("bob", false), (session.Facts.User, session.Facts.IsLoginByCertificate));
    }

    [Fact]
    public void Behind_STARTTLS_it_is_offered_only_once_TLS_has_shown_the_certificate()
    {
        var session = HeldLogins.StartCertified("imap", "alice", startTls: true);
        session.Client("a CAPABILITY\r\n");
        Assert.DoesNotContain("EXTERNAL", session.TakeToClient(), StringComparison.Ordinal);
        session.Client("b STARTTLS\r\n");
        session.Client("c CAPABILITY\r\n");
        Assert.Contains("AUTH=EXTERNAL", session.TakeToClient(), StringComparison.Ordinal);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
