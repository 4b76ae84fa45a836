using System.Text;
using TlsFront.Connections;

namespace TlsFront.Tests.Protocols.HeldLogin;

/// <summary>What a held login shows to those who decide about it.</summary>
public sealed class HeldPasswordTests
{
    [Theory]
    [InlineData("smtp", "EHLO a\r\nAUTH PLAIN AGEAcGFzcyB3w7ZyZA==\r\n", "pass wörd")]
    [InlineData("smtp", "EHLO a\r\nAUTH PLAIN\r\nAGEAcGFzcyB3w7ZyZA==\r\n", "pass wörd")]
    [InlineData("smtp", "EHLO a\r\nAUTH LOGIN\r\nYQ==\r\ncGFzcyB3w7ZyZA==\r\n", "pass wörd")]
    [InlineData("smtp", "EHLO a\r\nAUTH LOGIN YQ==\r\n=\r\n", "")]
    [InlineData("imap", "a LOGIN bob secret\r\n", "secret")]
    [InlineData("imap", "a LOGIN \"bo\\\\b\" \"se \\\"cret\\\\\"\r\n", "se \"cret\\")]
    [InlineData("imap", "a LOGIN bob {8+}\r\nse\r\ncret\r\n", "se\r\ncret")]
    [InlineData("imap", "a LOGIN {3+}\r\nbob secret\r\n", "secret")]
    [InlineData("imap", "a LOGIN {3+}\r\nbob \"se cret\"\r\n", "se cret")]
    [InlineData("imap", "a LOGIN {3+}\r\nbob {2+}\r\n\"\"\r\n", "\"\"")]
    [InlineData("imap", "a LOGIN bob \"\"\r\n", "")]
    [InlineData("imap", "a AUTHENTICATE PLAIN AGEAYg==\r\n", "b")]
    [InlineData("pop3", "USER bob\r\nPASS  a b \r\n", " a b ")]
    [InlineData("pop3", "AUTH PLAIN AGEAYg==\r\n", "b")]
    [InlineData("pop3", "AUTH PLAIN AGEAYg==x\r\nUSER bob\r\nPASS c\r\n", "c")]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n", "b")]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\" {8+}\r\nAGEAYg==\r\n", "b")]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\"\r\n{8+}\r\nAGEAYg==\r\n", "b")]
    public void A_password_in_clear_is_as_the_client_sent_it(string protocol, string login, string password)
    {
        var held = Login(protocol, login);
        Span<byte> room = stackalloc byte[64];

        Assert.Equal("plain", held.Method);
        Assert.True(held.TryReadPassword(room, out var length));
        Assert.Equal(password, Encoding.UTF8.GetString(room[..length]));
    }

    [Theory]
    [InlineData("imap", "a AUTHENTICATE XOAUTH2 dXNlcj1hAWF1dGg9QmVhcmVyIHgBAQ==\r\n", "xoauth2")]
    [InlineData("imap", "a AUTHENTICATE OAUTHBEARER bixhPWEsAWF1dGg9QmVhcmVyIHgBAQ==\r\n", "oauthbearer")]
    [InlineData("imap", "a AUTHENTICATE SCRAM-SHA-256 biwsbj1ib2Iscj1hYmM=\r\n", "scram")]
    public void Where_there_is_none_none_is_shown(string protocol, string login, string method)
    {
        var held = Login(protocol, login);

        Assert.Equal(method, held.Method);
        Assert.False(held.TryReadPassword(new byte[64], out _));
    }

    [Theory]
    [InlineData("imap", "a LOGIN bob {9+}\r\n123456789\r\n")]
    [InlineData("imap", "a LOGIN bob 123456789\r\n")]
    [InlineData("pop3", "USER bob\r\nPASS 123456789\r\n")]
    [InlineData("pop3", "AUTH PLAIN AGEAMTIzNDU2Nzg5\r\n")]
    public void One_that_does_not_fit_is_not_shown_in_part(string protocol, string login) =>
        Assert.False(Login(protocol, login).TryReadPassword(new byte[8], out _));

    private static IHeldLogin Login(string protocol, string login)
    {
        var session = HeldLogins.Start(protocol);
        session.Client(login);
        return Assert.IsType<IHeldLogin>(session.Facts.HeldLogin, exactMatch: false);
    }
}
