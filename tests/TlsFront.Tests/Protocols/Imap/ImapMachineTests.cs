using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Imap;

namespace TlsFront.Tests.Protocols.Imap;

public class ImapMachineTests
{
    private const string Greeting =
        "* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID STARTTLS LOGINDISABLED AUTH=PLAIN AUTH=SCRAM-SHA-256-PLUS] Dovecot ready.\r\n";

    [Fact]
    public void The_greeting_reaches_the_client_without_what_it_cannot_use()
    {
        var session = Started();
        session.Backend(Greeting);
        Assert.Equal("* OK [CAPABILITY IMAP4rev1 SASL-IR ID AUTH=PLAIN] Dovecot ready.\r\n", session.ToClient);
    }

    [Theory]
    [InlineData("* CAPABILITY STARTTLS IMAP4rev1\r\n", "* CAPABILITY IMAP4rev1\r\n")]
    [InlineData("* CAPABILITY IMAP4rev1 STARTTLS\r\n", "* CAPABILITY IMAP4rev1\r\n")]
    [InlineData(
        "* capability imap4REV1 starttls auth=scram-sha-1-plus auth=gssapi auth=login\r\n", "* capability imap4REV1 auth=gssapi auth=login\r\n")]
    [InlineData(
        "* CAPABILITY IMAP4rev1 X-SECRET XAPPLEPUSHSERVICE THREAD=REFERENCES UNAUTHENTICATE\r\n", "* CAPABILITY IMAP4rev1 THREAD=REFERENCES\r\n")]
    [InlineData("* CAPABILITY\r\n", "* CAPABILITY\r\n")]
    [InlineData("* CAPABILITY IMAP4rev1 STARTTLSX AUTH=\r\n", "* CAPABILITY IMAP4rev1 AUTH=\r\n")]
    public void Capabilities_before_login_are_known_and_usable_ones(string backend, string client)
    {
        var session = Greeted();
        session.Client("a CAPABILITY\r\n");
        session.Backend(backend + "a OK done\r\n");
        Assert.Equal(client + "a OK done\r\n", session.ToClient);
    }

    [Fact]
    public void Capabilities_of_the_login_keep_everything_but_what_touches_the_connection()
    {
        var session = Greeted();
        session.Client("a LOGIN alice secret\r\n");
        session.Backend(
            "a OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE IDLE X-OWN QRESYNC UNAUTHENTICATE LOGIN-REFERRALS STARTTLS AUTH=X-PLUS] Logged in\r\n");
        Assert.Equal("a OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE IDLE X-OWN QRESYNC] Logged in\r\n", session.ToClient);
        Assert.True(session.Transparent);
        Assert.Equal(["login alice"], session.Reports);
    }

    [Fact]
    public void The_untagged_list_just_before_a_successful_login_counts_as_the_list_of_the_login()
    {
        var session = Greeted();
        session.Client("a LOGIN alice secret\r\n");
        session.Backend("* CAPABILITY IMAP4rev1 X-OWN UNAUTHENTICATE\r\na OK Logged in\r\n");
        Assert.Equal("* CAPABILITY IMAP4rev1 X-OWN\r\na OK Logged in\r\n", session.ToClient);
    }

    [Fact]
    public void After_login_nothing_is_read_any_more()
    {
        var session = Greeted();
        session.Client("a LOGIN alice secret\r\nb COMPRESS DEFLATE\r\n\u0016\u0003\u0001");
        Assert.Equal("a LOGIN alice secret\r\n", session.ToBackend);
        session.Backend("a OK in\r\n* CAPABILITY STARTTLS\r\n");
        Assert.Equal("a LOGIN alice secret\r\nb COMPRESS DEFLATE\r\n\u0016\u0003\u0001", session.ToBackend);
        Assert.Equal("a OK in\r\n* CAPABILITY STARTTLS\r\n", session.ToClient);
    }

    [Fact]
    public void Preauth_over_tls_is_a_login()
    {
        var session = Started();
        session.Backend("* PREAUTH [CAPABILITY IMAP4rev1 X-OWN UNAUTHENTICATE] hello\r\n");
        Assert.True(session.Transparent);
        Assert.Equal("* PREAUTH [CAPABILITY IMAP4rev1 X-OWN] hello\r\n", session.ToClient);
        Assert.Equal(["login "], session.Reports);
    }

    [Theory]
    [InlineData("a STARTTLS\r\n", "a BAD Not possible now\r\n")]
    [InlineData("a starttls now\r\n", "a BAD Not possible now\r\n")]
    [InlineData("a COMPRESS DEFLATE\r\n", "a BAD Not available before login\r\n")]
    [InlineData("a XCLIENT ADDR=192.0.2.1\r\n", "a BAD Not available before login\r\n")]
    [InlineData("a AUTHENTICATE PLAIN {3+}\r\n*\r\n\r\n", "a BAD Before login only LOGIN and ID take literals\r\n")]
    [InlineData("a AUTHENTICATE {5}\r\n", "a BAD Before login only LOGIN and ID take literals\r\n")]
    [InlineData("a AUTHENTICATE PLAIN{+5}\r\n", "a BAD Before login only LOGIN and ID take literals\r\n")]
    [InlineData("a NO\0OP\r\n", "* BAD Lines end in CRLF and contain no NUL\r\n")]
    [InlineData("a NO\rOP\r\n", "* BAD Lines end in CRLF and contain no NUL\r\n")]
    [InlineData("\r\n", "* BAD Expected a tag and a command\r\n")]
    [InlineData("a\r\n", "* BAD Expected a tag and a command\r\n")]
    [InlineData("a  ID (\"x-a\" \"b\")\r\n", "* BAD Expected a tag and a command\r\n")]
    [InlineData("a ID\t(\"x-a\" \"b\")\r\n", "* BAD Expected a tag and a command\r\n")]
    [InlineData("+ NOOP\r\n", "* BAD Expected a tag and a command\r\n")]
    public void What_the_backend_must_not_see_is_answered_here(string command, string answer)
    {
        var session = Greeted();
        session.Client(command);
        Assert.Equal(answer, session.ToClient);
        Assert.Equal("", session.ToBackend);
        Assert.Null(session.Closed);
    }

    [Theory]
    [InlineData("a\0NOOP {8+}\r\n")]
    [InlineData("a LOGIN x\r {8+}\r\n")]
    [InlineData("\r{8}\n")]
    public void A_malformed_line_that_may_announce_a_literal_ends_the_session(string line)
    {
        var session = Greeted();
        session.Client($"{line}b NOOP\r\nc NOOP\r\n");
        Assert.Equal("* BYE Lines end in CRLF and contain no NUL\r\n", session.ToClient);
        Assert.Equal("", session.ToBackend);
        Assert.Equal(CloseReason.BareNewline, session.Closed);
    }

    [Fact]
    public void An_answer_of_ours_waits_behind_the_backends()
    {
        var session = Greeted();
        session.Client("a NOOP\r\nb STARTTLS\r\nc NOOP\r\n");
        Assert.Equal("", session.ToClient);
        Assert.Equal("a NOOP\r\n", session.TakeToBackend());
        session.Backend("a OK done\r\n");
        Assert.Equal("a OK done\r\nb BAD Not possible now\r\n", session.ToClient);
        Assert.Equal("c NOOP\r\n", session.ToBackend);
    }

    [Fact]
    public void Lines_that_end_in_LF_alone_are_forwarded_with_CRLF()
    {
        var session = Greeted();
        session.Client("a LOGIN {5}\n");
        session.Backend("+ OK\r\n");
        session.Client("alice {4+}\npass\nb NOOP\n");
        session.Backend("+ OK\r\n");
        session.Backend("a NO no\r\n");
        session.Backend("b OK done\r\n");
        session.Client("c AUTHENTICATE PLAIN\n");
        session.Backend("+ \r\n");
        session.Client("AGEAYg==\n");
        Assert.Equal("a LOGIN {5}\r\nalice {4}\r\npass\r\nb NOOP\r\nc AUTHENTICATE PLAIN\r\nAGEAYg==\r\n", session.ToBackend);
    }

    [Fact]
    public void LF_alone_is_refused_where_the_listener_rejects_it()
    {
        var session = new MachineHarness(observer => new ImapMachine(observer, BareNewlines.Reject)).Start();
        session.Backend("* OK ready\r\n");
        session.Client("a NOOP\nb NOOP\r\n");
        Assert.Equal("* OK ready\r\n* BAD Lines end in CRLF and contain no NUL\r\n", session.ToClient);
        Assert.Equal("b NOOP\r\n", session.ToBackend);
    }

    [Fact]
    public void Too_many_refused_commands_end_the_session()
    {
        var session = Greeted();
        session.Client(string.Concat(Enumerable.Repeat("a STARTTLS\r\n", 20)));
        Assert.EndsWith("a BAD Not possible now\r\n* BYE Too many errors\r\n", session.ToClient);
        Assert.Equal(CloseReason.ProtocolError, session.Closed);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: mail\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002")]
    [InlineData("\u0080\u0001")]
    public void Another_protocol_gets_no_answer_to_play_with(string bytes)
    {
        var session = Greeted();
        session.Client(bytes);
        Assert.Equal(CloseReason.ProtocolError, session.Closed);
        Assert.Equal("", session.ToClient + session.ToBackend);
    }

    [Fact]
    public void A_line_without_end_is_not_kept_for_ever()
    {
        var session = Greeted();
        session.Client("a " + new string('x', 9000));
        Assert.Equal(CloseReason.LineTooLong, session.Closed);
        Assert.Equal("* BYE [LIMIT] Line or literal too long\r\n", session.ToClient);
        Assert.Equal("", session.ToBackend);
    }

    [Fact]
    public void Logout_completes_the_session()
    {
        var session = Greeted();
        session.Client("a LOGOUT\r\n");
        session.Backend("* BYE Logging out\r\na OK done\r\n");
        Assert.Equal("* BYE Logging out\r\na OK done\r\n", session.ToClient);
        Assert.Equal(CloseReason.Completed, session.Closed);
    }

    [Fact]
    public void A_backend_that_closes_on_logout_without_tagged_answer_completes_it_too()
    {
        var session = Greeted();
        session.Client("a LOGOUT\r\n");
        session.Backend("* BYE Logging out\r\n");
        session.BackendEnds();
        Assert.Equal("* BYE Logging out\r\n", session.ToClient);
        Assert.Equal(CloseReason.Completed, session.Closed);
    }

    [Theory]
    [InlineData("b OK done\r\n")]
    [InlineData("aa OK done\r\n")]
    [InlineData("+ go ahead\r\n")]
    [InlineData("220 smtp\r\n")]
    [InlineData("\r\n")]
    public void A_backend_out_of_step_ends_the_session(string reply)
    {
        var session = Greeted();
        session.Client("a NOOP\r\n");
        session.Backend(reply);
        Assert.Equal("* BYE [UNAVAILABLE] The mail server gave an answer that is not IMAP\r\n", session.ToClient);
        Assert.Equal(CloseReason.BackendProtocolError, session.Closed);
    }

    [Fact]
    public void A_tagged_answer_to_nothing_is_out_of_step()
    {
        var session = Greeted();
        session.Backend("a OK done\r\n");
        Assert.Equal(CloseReason.BackendProtocolError, session.Closed);
    }

    [Fact]
    public void A_backends_endless_line_ends_the_session()
    {
        var session = Greeted();
        session.Backend("* " + new string('x', 20_000));
        Assert.Equal(CloseReason.BackendProtocolError, session.Closed);
    }

    [Fact]
    public void A_referral_does_not_tell_the_backends_name()
    {
        var session = Greeted();
        session.Client("a LOGIN alice secret\r\n");
        session.Backend("a NO [REFERRAL imap://alice@backend2.internal/] Elsewhere\r\n");
        Assert.Equal("a NO Elsewhere\r\n", session.ToClient);
    }

    [Fact]
    public void The_backends_literals_pass_and_hide_no_reply()
    {
        var session = Greeted();
        session.Client("a ID NIL\r\n");
        session.Backend("* ID (\"name\" {14}\r\na OK a NO\r\nxyz \"os\" {0}\r\n)\r\na OK done\r\n");
        Assert.Equal("* ID (\"name\" {14}\r\na OK a NO\r\nxyz \"os\" {0}\r\n)\r\na OK done\r\n", session.TakeToClient());
        session.Client("b STARTTLS\r\n");
        Assert.Equal("b BAD Not possible now\r\n", session.ToClient);
    }

    [Fact]
    public void A_text_that_looks_like_a_literal_is_text()
    {
        var session = Greeted();
        session.Client("a NOOP\r\n");
        session.Backend("* NO disk {99}\r\na OK done\r\n");
        session.Client("b STARTTLS\r\n");
        Assert.EndsWith("b BAD Not possible now\r\n", session.ToClient);
    }

    [Fact]
    public void A_capability_list_of_any_shape_stays_within_the_bounds_of_a_call()
    {
        var session = Started();
        var list = string.Concat(Enumerable.Repeat(" IDLE STARTTLS", 500));
        session.Backend($"* OK [CAPABILITY{list}] ready\r\n");
        Assert.StartsWith("* OK [CAPABILITY IDLE IDLE", session.ToClient);
        Assert.EndsWith(" IDLE] ready\r\n", session.ToClient);
        Assert.DoesNotContain("STARTTLS", session.ToClient);
    }

    [Fact]
    public void A_command_before_login_allocates_nothing()
    {
        var session = new RepeatedCommand(observer => new ImapMachine(observer), "* OK ready\r\n"u8.ToArray());
        Assert.Equal(
            0, session.AllocatedBy("a CAPABILITY\r\n"u8.ToArray(), "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN IDLE X\r\na OK done\r\n"u8.ToArray()));
        Assert.Equal(0, session.AllocatedBy("a ID (\"name\" \"mutt\" \"x-a\" \"b\")\r\n"u8.ToArray(), "* ID NIL\r\na OK done\r\n"u8.ToArray()));
    }

    internal static MachineHarness Started(int backends = 1) =>
        new MachineHarness(observer => new ImapMachine(observer)) { BackendsLeft = backends }.Start();

    internal static MachineHarness Greeted()
    {
        var session = Started();
        session.Backend("* OK ready\r\n");
        Assert.Equal("* OK ready\r\n", session.TakeToClient());
        return session;
    }
}
