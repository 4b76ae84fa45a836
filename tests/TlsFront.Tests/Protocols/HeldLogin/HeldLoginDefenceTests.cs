using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.HeldLogin;

namespace TlsFront.Tests.Protocols.HeldLogin;

/// <summary>Clients that want to be somebody else, and backends that say what they should not.</summary>
public sealed class HeldLoginDefenceTests
{
    /// <summary>One server finds one name in it, and another one another.</summary>
    [Theory]
    [InlineData("XOAUTH2", "user=alice\u0001auth=Bearer x\u0001user=bob")]
    [InlineData("XOAUTH2", "user=alice\u0001user=bob\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("XOAUTH2", "user=bob\u0001auth=Bearer x\u0001\0\u0001user=alice\u0001\u0001")]
    [InlineData("XOAUTH2", "auth=Bearer x\u0001user=alice\u0001\u0001")]
    [InlineData("OAUTHBEARER", "n,a=alice,a=bob\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("OAUTHBEARER", "n,a=alice,b=bob,\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("OAUTHBEARER", "n,,\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("SCRAM-SHA-256", "n,a=alice,n=bob,r=abc")]
    [InlineData("PLAIN", "alice\0bob\0secret")]
    [InlineData("PLAIN", "\0bob\0secret\0more")]
    [InlineData("PLAIN", "\0bob \0secret")]
    [InlineData("PLAIN", "\0bob")]
    public void A_login_that_could_be_two_users_is_refused(string mechanism, string response)
    {
        var session = HeldLogins.Start("imap");
        session.TakeToClient();
        session.Client($"a AUTHENTICATE {mechanism} {Base64(response)}\r\n");

        Assert.Equal(("a NO [AUTHENTICATIONFAILED] Authentication failed\r\n", 0), (session.ToClient, session.Connects));
    }

    /// <summary>A lenient server drops what has no padding, or takes the last word for the name; one by the letter keeps a backslash.</summary>
    [Theory]
    [InlineData("a AUTHENTICATE LOGIN Ym9ieA\r\ncGFzcw==\r\n", "+ UGFzc3dvcmQ6\r\n")]
    [InlineData("a AUTHENTICATE LOGIN Ym9ieA=\r\ncGFzcw==\r\n", "+ UGFzc3dvcmQ6\r\n")]
    [InlineData("a AUTHENTICATE LOGIN Ym9ieB==\r\ncGFzcw==\r\n", "+ UGFzc3dvcmQ6\r\n")]
    [InlineData("a AUTHENTICATE LOGIN =\r\ncGFzcw==\r\n", "+ UGFzc3dvcmQ6\r\n")]
    [InlineData("a AUTHENTICATE PLAIN AGJvYngAcA\r\n", "")]
    [InlineData("a LOGIN \"bo\\b\" pass\r\n", "")]
    [InlineData("a LOGIN {4+}\r\nbo\0b pass\r\n", "")]
    public void A_name_that_is_not_written_by_the_letter_is_none(string commands, string challenge)
    {
        var session = HeldLogins.Start("imap");
        session.TakeToClient();
        session.Client(commands);

        Assert.Equal((challenge + "a NO [AUTHENTICATIONFAILED] Authentication failed\r\n", 0), (session.ToClient, session.Connects));
        Assert.Null(session.Facts.User);
    }

    /// <summary>It took the command for another one, and the password is still here.</summary>
    [Theory]
    [InlineData("smtp", "EHLO a\r\nAUTH PLAIN AGEAYg==\r\n", "220 x\r\n250 x\r\n", "235 in\r\n")]
    [InlineData("smtp", "EHLO a\r\nAUTH PLAIN AGEAYg==\r\n", "220 x\r\n250 x\r\n334 \r\n", "250 in\r\n")]
    [InlineData("imap", "a AUTHENTICATE PLAIN AGEAYg==\r\n", "* OK x\r\n", "a OK in\r\n")]
    [InlineData("imap", "a LOGIN a b\r\n", "* OK x\r\n", "* ID (\"x\" {6}\r\na OK b)\r\n")]
    [InlineData("imap", "a LOGIN a b\r\n", "", "* PREAUTH x\r\n")]
    [InlineData("pop3", "AUTH PLAIN AGEAYg==\r\n", "+OK x\r\n", "+OK\r\nPLAIN\r\n.\r\n")]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n", "OK\r\n", "OK\r\n")]
    public void A_backend_that_answers_something_else_logs_nobody_in(string protocol, string login, string before, string answer)
    {
        var session = HeldLogins.Start(protocol);
        session.Client(login);
        session.Backend(before);
        session.TakeToClient();
        session.Backend(answer);

        Assert.False(session.Transparent);
        Assert.NotNull(session.Closed);
        Assert.DoesNotContain(session.Reports, static report => report.StartsWith("login ", StringComparison.Ordinal));
        Assert.DoesNotContain(answer, session.ToClient, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backend_that_says_goodbye_before_its_refusal_ends_the_session()
    {
        var session = HeldLogins.Start("imap");
        session.Client("a LOGIN a b\r\n");
        session.Backend("* OK x\r\n* BYE too many\r\na NO no\r\n");

        Assert.Equal(CloseReason.BackendClosed, session.Closed);
        Assert.EndsWith("* BYE too many\r\na NO no\r\n", session.ToClient, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_asks_for_ever_without_a_login()
    {
        var session = HeldLogins.Start("pop3");
        session.Client(string.Concat(Enumerable.Repeat("NOOP\r\n", HeldLoginMachine.MaxCommands)));
        Assert.Null(session.Closed);
        session.Client("NOOP\r\n");

        Assert.Equal(CloseReason.TooManyLogins, session.Closed);
        Assert.EndsWith("-ERR Too many failed logins or commands\r\n", session.ToClient, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AUTH PLAIN AGEAYg==", "334 \r\n334 again\r\n", "", CloseReason.BackendProtocolError)]
    [InlineData(
        "AUTH XOAUTH2 dXNlcj1hAWF1dGg9QmVhcmVyIHgBAQ==", "334 \r\n334 e30=\r\n", "dXNlcj1iAWF1dGg9QmVhcmVyIHgBAQ==\r\n", CloseReason.ProtocolError)]
    public void Nobody_can_name_another_user_once_a_backend_was_chosen(string login, string answers, string more, object reason)
    {
        var session = HeldLogins.Start("smtp");
        session.Client($"EHLO a\r\n{login}\r\n");
        session.Backend($"220 x\r\n250 x\r\n{answers}");
        session.Client(more);

        Assert.Equal((CloseReason)reason, session.Closed);
        Assert.DoesNotContain("dXNlcj1i", session.ToBackend, StringComparison.Ordinal);
    }

    /// <summary>It would take content for commands: the session forwards BDAT and groups of commands by what was offered.</summary>
    [Theory]
    [InlineData("250-x\r\n250-CHUNKING\r\n250 PIPELINING\r\n", true)]
    [InlineData("250-x\r\n250-CHUNKING \r\n250 pipelining\r\n", true)]
    [InlineData("250-x\r\n250 PIPELINING\r\n", false)]
    [InlineData("250-x\r\n250-CHUNKING\r\n250 X-PIPELINING\r\n", false)]
    [InlineData("250 CHUNKING PIPELINING\r\n", false)]
    public void A_backend_that_offers_less_than_the_client_was_offered_gets_no_login(string hello, bool isServed)
    {
        var session = HeldLogins.Start("smtp", "250-mx|250-PIPELINING|250-CHUNKING|250 AUTH PLAIN");
        session.Client("EHLO a\r\nAUTH PLAIN AGEAYg==\r\n");
        session.Backend("220 x\r\n" + hello);

        Assert.Equal(isServed ? "EHLO a\r\nAUTH PLAIN\r\n" : "EHLO a\r\n", session.ToBackend);
        Assert.Equal(isServed ? null : CloseReason.BackendProtocolError, session.Closed);
    }

    [Fact]
    public void Content_behind_a_DATA_that_was_refused_is_no_command()
    {
        var session = HeldLogins.Start("smtp");
        session.Client($"EHLO a\r\n");
        session.Client($"DATA\r\nAUTH PLAIN {Base64("\0a\0b")}\r\n");

        Assert.Equal((0, CloseReason.ProtocolError), (session.Connects, session.Closed!.Value));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
