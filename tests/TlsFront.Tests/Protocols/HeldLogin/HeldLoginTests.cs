using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.HeldLogin;

namespace TlsFront.Tests.Protocols.HeldLogin;

public sealed class HeldLoginTests
{
    private const string Smtp = "250-mx|250-PIPELINING|250-SIZE 10240|250-STARTTLS|250-AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2|250 8BITMIME";

    [Fact]
    public void A_submission_is_greeted_by_the_gateway_and_led_to_its_users_backend()
    {
        var session = HeldLogins.Start("smtp", Smtp);
        Assert.Equal("220 mail.example.com ESMTP\r\n", session.TakeToClient());

        session.Client("EHLO laptop.example.net\r\n");
        Assert.Equal(
            "250-mail.example.com\r\n250-PIPELINING\r\n250-SIZE 9216\r\n250-AUTH PLAIN LOGIN XOAUTH2\r\n250 8BITMIME\r\n", session.TakeToClient());
        Assert.Equal(0, session.Connects);

        session.Client($"AUTH PLAIN {Base64("\0Alice@example.org\0secret")}\r\n");
        Assert.Equal((1, "Alice@example.org", ""), (session.Connects, session.Facts.User, session.TakeToBackend()));
        Assert.Equal(Phase.Greeting, session.Phase);

        session.Backend("220 backend ESMTP\r\n");
        Assert.Equal("EHLO laptop.example.net\r\n", session.TakeToBackend());
        session.Backend("250-backend\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n");
        Assert.Equal("AUTH PLAIN\r\n", session.TakeToBackend());
        session.Backend("334 \r\n");
        Assert.Equal($"{Base64("\0Alice@example.org\0secret")}\r\n", session.TakeToBackend());
        Assert.Equal("", session.TakeToClient());

        session.Backend("235 2.7.0 welcome\r\n");
        Assert.Equal("235 2.7.0 welcome\r\n", session.TakeToClient());
        Assert.Equal(["login Alice@example.org"], session.Reports);

        session.Client("MAIL FROM:<a@example.org> SIZE=100\r\n");
        Assert.Equal("MAIL FROM:<a@example.org> SIZE=1124\r\n", session.TakeToBackend());
    }

    [Fact]
    public void A_refused_user_may_try_as_another_one_who_is_at_home_elsewhere()
    {
        var session = HeldLogins.Start("imap", backends: 2);
        session.TakeToClient();

        session.Client("a LOGIN alice wrong\r\n");
        session.Backend("* OK one\r\n");
        Assert.Equal("a LOGIN alice wrong\r\n", session.TakeToBackend());
        session.Backend("a NO [AUTHENTICATIONFAILED] no\r\n");
        Assert.Equal("a NO [AUTHENTICATIONFAILED] no\r\n", session.TakeToClient());

        session.Backend("* BYE you are slow\r\n");
        session.BackendEnds();
        session.Client("b NOOP\r\n");
        Assert.Equal("b OK done\r\n", session.TakeToClient());

        session.Client("c LOGIN bob right\r\n");
        Assert.Equal((2, "bob"), (session.Connects, session.Facts.User));
        session.Backend("* OK two\r\nc OK [CAPABILITY IMAP4rev1 IDLE] in\r\n");
        Assert.Equal("c LOGIN bob right\r\n", session.TakeToBackend());
        Assert.Equal("c OK [CAPABILITY IMAP4rev1 IDLE] in\r\n", session.TakeToClient());
        Assert.True(session.Transparent);
        Assert.Equal(["login failed", "login bob"], session.Reports);
    }

    [Theory]
    [InlineData(
        "smtp", "EHLO a\r\nAUTH PLAIN AGEAYg==\r\n", "220 x\r\n250 x\r\n334 \r\n", "535 no\r\n",
        "421 4.7.0 mail.example.com Too many failed logins or commands\r\n")]
    [InlineData("imap", "a LOGIN a b\r\n", "* OK x\r\n", "a NO no\r\n", "* BYE Too many failed logins or commands\r\n")]
    [InlineData("pop3", "USER a\r\nPASS b\r\n", "+OK x\r\n+OK\r\n", "-ERR no\r\n", "-ERR Too many failed logins or commands\r\n")]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n", "OK\r\n\"\"\r\n", "NO\r\n", "BYE \"Too many failed logins or commands\"\r\n")]
    public void Too_many_refused_logins_end_the_session(string protocol, string login, string greeting, string refusal, string goodbye)
    {
        var session = HeldLogins.Start(protocol, backends: HeldLoginMachine.MaxFailures);
        for (var i = 1; i <= HeldLoginMachine.MaxFailures; i++)
        {
            Assert.Null(session.Closed);
            session.TakeToClient();
            session.Client(login);
            session.Backend(greeting);
            session.Backend(refusal);
        }

        Assert.Equal(CloseReason.TooManyLogins, session.Closed);
        Assert.EndsWith(refusal + goodbye, session.ToClient, StringComparison.Ordinal);
        Assert.Equal(HeldLoginMachine.MaxFailures, session.Connects);
    }

    [Theory]
    [InlineData("smtp", "EHLO a\r\nAUTH PLAIN AGEAYg==\r\n", "421 4.3.2 mail.example.com Service not available, try again later\r\n")]
    [InlineData("imap", "a LOGIN a b\r\n", "* BYE [UNAVAILABLE] The mail server is not available, try again later\r\n")]
    [InlineData("pop3", "USER a\r\nPASS b\r\n", "-ERR [SYS/TEMP] The mail server is not available, try again later\r\n")]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n", "BYE (TRYLATER) \"The mail server is not available, try again later\"\r\n")]
    public void Where_no_backend_can_be_reached_nobody_is_told_that_the_password_is_wrong(string protocol, string login, string goodbye)
    {
        var session = HeldLogins.Start(protocol, backends: 0);
        session.Client(login);

        Assert.EndsWith(goodbye, session.ToClient, StringComparison.Ordinal);
        Assert.Equal(CloseReason.BackendUnavailable, session.Closed);
        Assert.Empty(session.Reports);
    }

    [Theory]
    [InlineData("smtp", "EHLO a\r\nAUTH PLAIN AGEAYg==\r\n", "554 go away\r\n", CloseReason.BackendRefused)]
    [InlineData("imap", "a LOGIN a b\r\n", "* BYE go away\r\n", CloseReason.BackendRefused)]
    [InlineData("imap", "a LOGIN a b\r\n", "220 SMTP\r\n", CloseReason.BackendUnavailable)]
    [InlineData("pop3", "USER a\r\nPASS b\r\n", "-ERR go away\r\n", CloseReason.BackendRefused)]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n", "BYE\r\n", CloseReason.BackendRefused)]
    public void A_backend_that_does_not_greet_gets_no_login(string protocol, string login, string greeting, object reason)
    {
        var session = HeldLogins.Start(protocol);
        session.Client(login);
        session.Backend(greeting);

        Assert.Equal(("", (CloseReason)reason), (session.ToBackend, session.Closed!.Value));
    }

    [Fact]
    public void Another_destination_gets_the_whole_login_where_one_refuses()
    {
        var session = HeldLogins.Start("smtp", backends: 2);
        session.Client("EHLO a\r\nAUTH LOGIN\r\nYQ==\r\n");
        session.Client("Yg==\r\n");
        session.Backend("554 no\r\n");
        session.Backend("220 two\r\n250 two\r\n334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n");

        Assert.Equal("EHLO a\r\nAUTH LOGIN\r\nYQ==\r\nYg==\r\n", session.ToBackend);
        Assert.Equal(2, session.Connects);
    }

    [Theory]
    [InlineData("smtp", "AUTH CRAM-MD5\r\n", "504 5.5.4 Unrecognized authentication type\r\n")]
    [InlineData("smtp", "AUTH EXTERNAL =\r\n", "504 5.5.4 Unrecognized authentication type\r\n")]
    [InlineData("smtp", "AUTH PLAIN =\r\n", "535 5.7.8 Authentication credentials invalid\r\n")]
    [InlineData("smtp", "AUTH PLAIN !!\r\n", "501 5.5.4 Syntax error in AUTH\r\n")]
    [InlineData("smtp", "AUTH LOGIN\r\n*\r\n", "334 VXNlcm5hbWU6\r\n501 5.7.0 Authentication cancelled\r\n")]
    [InlineData("smtp", "AUTH LOGIN\r\n\r\nYQ==\r\n", "334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n535 5.7.8 Authentication credentials invalid\r\n")]
    [InlineData("imap", "a AUTHENTICATE CRAM-MD5\r\n", "a NO [CANNOT] Mechanism not available\r\n")]
    [InlineData("imap", "a AUTHENTICATE PLAIN\r\n*\r\n", "+ \r\na BAD Authentication cancelled\r\n")]
    [InlineData("imap", "a LOGIN {2+}\r\n\u0001\u0002 b\r\n", "a NO [AUTHENTICATIONFAILED] Authentication failed\r\n")]
    [InlineData("imap", "a LANGUAGE\r\n", "a NO [CANNOT] No other language before the login\r\n")]
    [InlineData("pop3", "APOP a 0123456789abcdef0123456789abcdef\r\n", "-ERR Not available before the login\r\n")]
    [InlineData("pop3", "PASS b\r\n", "-ERR Send USER first\r\n")]
    [InlineData("pop3", "USER a\r\nAUTH PLAIN\r\n*\r\nPASS b\r\n", "+OK\r\n+ \r\n-ERR Authentication cancelled\r\n-ERR Send USER first\r\n")]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\" \"\"\r\n", "NO \"Authentication failed\"\r\n")]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\"\r\n\"*\"\r\n", "\"\"\r\nNO \"Authentication cancelled\"\r\n")]
    public void What_no_backend_could_be_found_for_is_refused_here(string protocol, string commands, string expected)
    {
        var session = HeldLogins.Start(protocol);
        if (protocol == "smtp")
        {
            session.Client("EHLO a\r\n");
        }

        session.TakeToClient();
        session.Client(commands);

        Assert.Equal(expected, session.ToClient);
        Assert.Equal((0, null), (session.Connects, session.Closed));
    }

    [Theory]
    [InlineData("XOAUTH2", "user=bob@example.org\u0001auth=Bearer x\u0001\u0001", "bob@example.org")]
    [InlineData("OAUTHBEARER", "n,a=bob@example.org,\u0001auth=Bearer x\u0001\u0001", "bob@example.org")]
    [InlineData("SCRAM-SHA-256", "n,,n=bob,r=abc", "bob")]
    [InlineData("PLAIN", "bob\0bob\0secret", "bob")]
    public void The_user_of_every_mechanism_that_names_one_is_known_before_a_backend_is(string mechanism, string response, string user)
    {
        var session = HeldLogins.Start("imap");
        session.Client($"a AUTHENTICATE {mechanism} {Base64(response)}\r\n");

        Assert.Equal((1, user), (session.Connects, session.Facts.User));
    }

    /// <summary>A server that knows no initial response would take the password for the name.</summary>
    [Theory]
    [InlineData(
        "smtp", "EHLO a\r\nAUTH LOGIN YQ==\r\nYg==\r\n", "220 x\r\n|250 x\r\n|334 x\r\n|334 x\r\n", "EHLO a\r\n|AUTH LOGIN\r\n|YQ==\r\n|Yg==\r\n")]
    [InlineData("imap", "a AUTHENTICATE PLAIN AGEAYg==\r\n", "* OK\r\n|+ \r\n", "a AUTHENTICATE PLAIN\r\n|AGEAYg==\r\n")]
    [InlineData("pop3", "AUTH PLAIN AGEAYg==\r\n", "+OK\r\n|+ \r\n", "AUTH PLAIN\r\n|AGEAYg==\r\n")]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n", "OK\r\n|\"\"\r\n", "AUTHENTICATE \"PLAIN\"\r\n|\"AGEAYg==\"\r\n")]
    public void A_login_is_handed_on_without_an_initial_response(string protocol, string login, string answers, string expected)
    {
        var session = HeldLogins.Start(protocol);
        session.Client(login);
        foreach (var (answer, part) in answers.Split('|').Zip(expected.Split('|')))
        {
            Assert.Equal("", session.TakeToBackend());
            session.Backend(answer);
            Assert.Equal(part, session.TakeToBackend());
        }
    }

    [Fact]
    public void A_client_hears_why_its_token_is_refused()
    {
        var session = HeldLogins.Start("smtp");
        session.Client("EHLO a\r\nAUTH XOAUTH2 dXNlcj1hAWF1dGg9QmVhcmVyIHgBAQ==\r\n");
        session.TakeToClient();
        session.Backend("220 x\r\n250 x\r\n334 \r\n334 e30=\r\n");
        Assert.Equal("334 e30=\r\n", session.TakeToClient());
        session.TakeToBackend();
        session.Client("\r\n");
        Assert.Equal("\r\n", session.TakeToBackend());
        session.Backend("535 no\r\n");
        Assert.Equal("535 no\r\n", session.TakeToClient());
        Assert.Equal(["login failed"], session.Reports);
    }

    [Fact]
    public void A_token_as_long_as_any_is_handed_on()
    {
        var token = Base64("user=bob\u0001auth=Bearer " + new string('x', 8000) + "\u0001\u0001");
        var session = HeldLogins.Start("smtp");
        session.Client($"EHLO a\r\nAUTH XOAUTH2\r\n{token}\r\n");
        session.Backend("220 x\r\n250 x\r\n334 \r\n235 ok\r\n");

        Assert.Equal($"EHLO a\r\nAUTH XOAUTH2\r\n{token}\r\n", session.ToBackend);
        Assert.Equal(["login bob"], session.Reports);
    }

    [Fact]
    public void What_does_not_fit_the_buffer_ends_the_session()
    {
        var part = new string('A', 12_000);
        var session = HeldLogins.Start("smtp");
        session.Client($"EHLO a\r\nAUTH LOGIN\r\n{part}\r\n{part}\r\n");

        Assert.Equal((CloseReason.LineTooLong, 0), (session.Closed!.Value, session.Connects));
    }

    [Fact]
    public void Nobody_is_connected_for_a_client_that_only_looks()
    {
        var session = HeldLogins.Start("pop3", "+OK|USER|UIDL|STLS|UTF8|LANG|SASL PLAIN CRAM-MD5|.");
        session.Client("CAPA\r\nNOOP\r\nQUIT\r\n");

        Assert.Equal("+OK mail.example.com ready\r\n+OK\r\nUSER\r\nUIDL\r\nSASL PLAIN\r\n.\r\n+OK\r\n+OK Bye\r\n", session.ToClient);
        Assert.Equal((0, CloseReason.Completed), (session.Connects, session.Closed!.Value));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
