using System.Text;
using TlsFront.Connections;

namespace TlsFront.Tests.Protocols.HeldLogin;

/// <summary>Logins in whose place the backend gets one of the gateway's own.</summary>
public sealed class OwnLoginTests
{
    [Theory]
    [InlineData(
        "smtp", "EHLO a\r\n", "AUTH LOGIN YWxpY2U=\r\n", "c2VjcmV0\r\n", "220 x\r\n250 x\r\n", "EHLO a\r\nAUTH PLAIN\r\n", "334 \r\n", "",
        "235 ok\r\n")]
    [InlineData("imap", "", "a LOGIN {5}\r\n", "alice secret\r\n", "* OK x\r\n", "a AUTHENTICATE PLAIN\r\n", "+ \r\n", "", "a OK in\r\n")]
    [InlineData("pop3", "", "USER alice\r\n", "PASS secret\r\n", "+OK x\r\n", "AUTH PLAIN\r\n", "+ \r\n", "", "+OK in\r\n")]
    [InlineData(
        "sieve", "", "AUTHENTICATE \"LOGIN\" \"YWxpY2U=\"\r\n", "\"c2VjcmV0\"\r\n", "OK\r\n", "AUTHENTICATE \"PLAIN\"\r\n", "\"\"\r\n", "\"",
        "OK\r\n")]
    public void It_is_PLAIN_whatever_the_client_said_and_its_verdict_is_the_clients(
        string protocol, string hello, string first, string second, string greeting, string begun, string challenge, string quote, string verdict)
    {
        var session = HeldLogins.Start(protocol);
        session.Facts.BackendLogin = new BackendLogin("alice", "gateway", "s3cr3t"u8.ToArray());
        session.Client(hello);
        session.Client(first);
        session.Client(second);
        session.TakeToClient();
        session.Backend(greeting);
        Assert.Equal(begun, session.TakeToBackend());
        session.Backend(challenge);
        Assert.Equal($"{quote}{Base64("alice\0gateway\0s3cr3t")}{quote}\r\n", session.TakeToBackend());
        Assert.Equal("", session.TakeToClient());
        session.Backend(verdict);
        Assert.Equal(verdict, session.TakeToClient());
        Assert.Equal(["login alice"], session.Reports);
    }

    [Fact]
    public void Each_login_and_each_destination_gets_its_own()
    {
        var session = HeldLogins.Start("pop3", backends: 3);
        session.Facts.BackendLogin = new BackendLogin(null, "alice*gateway", "s3cr3t"u8.ToArray());
        session.Client("USER alice\r\n");
        session.Client("PASS wrong\r\n");
        session.Facts.CanFailOver = true;
        session.Backend("-ERR not now\r\n");
        session.Facts.CanFailOver = false;
        session.Backend("+OK two\r\n");
        session.Backend("+ \r\n");
        Assert.Equal($"AUTH PLAIN\r\n{Base64("\0alice*gateway\0s3cr3t")}\r\n", session.TakeToBackend());
        session.Backend("-ERR [AUTH] no\r\n");

        session.Facts.BackendLogin = null;
        session.TakeToClient();
        session.Client("USER bob\r\n");
        session.Client("PASS right\r\n");
        session.Backend("+OK three\r\n+OK\r\n");
        Assert.Equal("USER bob\r\nPASS right\r\n", session.TakeToBackend());
        session.Backend("+OK in\r\n");
        Assert.Equal(["login failed", "login bob"], session.Reports);
    }

    [Theory]
    [InlineData(true, "+OK in\r\n")]
    [InlineData(true, "-ERR [AUTH] no\r\n")]
    [InlineData(false, "+OK in\r\n")]
    public void Of_a_password_that_is_the_clients_nothing_is_left_once_there_is_a_verdict(bool isOfClient, string verdict)
    {
        var session = HeldLogins.Start("pop3");
        var password = "s3cr3t"u8.ToArray();
        session.Facts.BackendLogin = new BackendLogin(null, "alice", password) { IsOfClient = isOfClient };
        session.Client("USER a\r\n");
        session.Client("PASS s3cr3t\r\n");
        session.Backend("+OK x\r\n");
        session.Backend("+ \r\n");
        Assert.Contains(Base64("\0alice\0s3cr3t"), session.TakeToBackend(), StringComparison.Ordinal);
        session.Backend(verdict);
        Assert.Equal(isOfClient, Array.TrueForAll(password, static octet => octet == 0));
    }

    [Fact]
    public void A_backend_may_ask_no_more_even_where_the_clients_mechanism_goes_on()
    {
        var session = HeldLogins.Start("imap");
        session.Facts.BackendLogin = new BackendLogin(null, "gateway", "s3cr3t"u8.ToArray());
        session.Client($"a AUTHENTICATE SCRAM-SHA-256 {Base64("n,,n=alice,r=abc")}\r\n");
        session.Backend("* OK x\r\n");
        session.Backend("+ \r\n");
        session.Backend("+ cj1hYmM=\r\n");
        Assert.Equal(CloseReason.BackendProtocolError, session.Closed);
    }

    [Fact]
    public void One_that_is_longer_than_any_login_is_never_begun()
    {
        var session = HeldLogins.Start("pop3");
        session.Facts.BackendLogin = new BackendLogin(null, "gateway", new byte[16 * 1024]);
        session.Client("USER alice\r\n");
        session.Client("PASS secret\r\n");
        session.Backend("+OK x\r\n");
        Assert.Equal((CloseReason.LineTooLong, ""), (session.Closed, session.TakeToBackend()));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
