using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Pop3;

namespace TlsFront.Tests.Protocols.Pop3;

public class Pop3MachineTests
{
    [Theory]
    [InlineData("+OK Dovecot ready.\r\n", "+OK Dovecot ready.\r\n")]
    [InlineData("+OK [XCLIENT] Dovecot ready. <1.2@x>\r\n", "+OK Dovecot ready. <1.2@x>\r\n")]
    [InlineData("+OK\r\n", "+OK\r\n")]
    [InlineData("+OK ready <[XCLIENT] 1@x>\r\n", "+OK ready <[XCLIENT] 1@x>\r\n")]
    public void The_greeting_keeps_what_APOP_digests(string backend, string client)
    {
        var session = Started();
        session.Backend(backend);
        Assert.Equal(client, session.ToClient);
    }

    [Fact]
    public void CAPA_shows_what_works_through_the_front()
    {
        var session = Greeted();
        session.Client("CAPA\r\n");
        session.Backend("+OK\r\nTOP\r\nSTLS\r\nUSER\r\nSASL SCRAM-SHA-1-PLUS PLAIN GSSAPI LOGIN DIGEST-MD5\r\nXCLIENT ADDR\r\nRESP-CODES\r\n.\r\n");
        Assert.Equal("+OK\r\nTOP\r\nUSER\r\nSASL PLAIN GSSAPI LOGIN DIGEST-MD5\r\nRESP-CODES\r\n.\r\n", session.ToClient);
    }

    [Theory]
    [InlineData("SASL SCRAM-SHA-1-PLUS\r\n", "")]
    [InlineData("SASL\r\n", "")]
    [InlineData("sasl plain scram-sha-1-plus\r\n", "sasl plain\r\n")]
    [InlineData("stls\r\n", "")]
    [InlineData("STLSX\r\n", "STLSX\r\n")]
    public void A_line_of_CAPA_passes_whole_cut_or_not_at_all(string backend, string client)
    {
        var session = Greeted();
        session.Client("CAPA\r\n");
        session.Backend($"+OK\r\n{backend}.\r\n");
        Assert.Equal($"+OK\r\n{client}.\r\n", session.ToClient);
    }

    [Fact]
    public void A_bare_AUTH_lists_mechanisms_that_work_through_the_front()
    {
        var session = Greeted();
        session.Client("AUTH\r\nNOOP\r\n");
        session.Backend("+OK\r\nPLAIN\r\nGSSAPI\r\nSCRAM-SHA-256-PLUS\r\n");
        Assert.Equal("AUTH\r\n", session.ToBackend);
        session.Backend(".\r\n");
        Assert.Equal("+OK\r\nPLAIN\r\nGSSAPI\r\n.\r\n", session.ToClient);
        Assert.Equal("AUTH\r\nNOOP\r\n", session.ToBackend);
    }

    [Fact]
    public void Lists_that_are_refused_are_one_line()
    {
        var session = Greeted();
        session.Client("CAPA\r\nAUTH\r\nLANG\r\nNOOP\r\n");
        session.Backend("-ERR no\r\n");
        session.Backend("-ERR no\r\n");
        session.Backend("+OK\r\nen English\r\n.\r\n");
        session.Backend("+OK\r\n");
        Assert.Equal("-ERR no\r\n-ERR no\r\n+OK\r\nen English\r\n.\r\n+OK\r\n", session.ToClient);
        Assert.Null(session.Closed);
    }

    [Theory]
    [InlineData("STLS\r\n", "-ERR Not possible now\r\n")]
    [InlineData("stls x\r\n", "-ERR Not possible now\r\n")]
    [InlineData("XCLIENT ADDR=192.0.2.1\r\n", "-ERR Unknown command\r\n")]
    [InlineData("XCLIENT\tADDR=192.0.2.1\r\n", "-ERR Unknown command\r\n")]
    [InlineData("xoip 192.0.2.1\r\n", "-ERR Unknown command\r\n")]
    [InlineData(" XOIP 192.0.2.1\r\n", "-ERR Unknown command\r\n")]
    [InlineData("\r\n", "-ERR Unknown command\r\n")]
    [InlineData("NO\0OP\r\n", "-ERR Lines end in CRLF and contain no NUL\r\n")]
    [InlineData("NOOP\rXCLIENT\r\n", "-ERR Lines end in CRLF and contain no NUL\r\n")]
    public void What_the_backend_must_not_see_is_answered_here(string command, string answer)
    {
        var session = Greeted();
        session.Client(command);
        Assert.Equal(answer, session.ToClient);
        Assert.Equal("", session.ToBackend);
        Assert.Null(session.Closed);
    }

    [Fact]
    public void Lines_that_end_in_LF_alone_are_forwarded_with_CRLF()
    {
        var session = Greeted();
        session.Client("NOOP\nAUTH PLAIN\n");
        session.Backend("+OK\r\n");
        session.Backend("+ \r\n");
        session.Client("AGEAYg==\n");
        Assert.Equal("NOOP\r\nAUTH PLAIN\r\nAGEAYg==\r\n", session.ToBackend);
    }

    [Fact]
    public void LF_alone_is_refused_where_the_listener_rejects_it()
    {
        var session = new MachineHarness(observer => new Pop3Machine(observer, BareNewlines.Reject)).Start();
        session.Backend("+OK ready\r\n");
        session.Client("NOOP\nNOOP\r\n");
        Assert.Equal("+OK ready\r\n-ERR Lines end in CRLF and contain no NUL\r\n", session.ToClient);
        Assert.Equal("NOOP\r\n", session.ToBackend);
    }

    [Fact]
    public void An_answer_of_ours_waits_behind_the_backends()
    {
        var session = Greeted();
        session.Client("CAPA\r\nSTLS\r\nUSER alice\r\n");
        Assert.Equal("", session.ToClient);
        session.Backend("+OK\r\nUSER\r\n");
        Assert.Equal("CAPA\r\n", session.TakeToBackend());
        session.Backend(".\r\n");
        Assert.Equal("+OK\r\nUSER\r\n.\r\n-ERR Not possible now\r\n", session.ToClient);
        Assert.Equal("USER alice\r\n", session.ToBackend);
    }

    [Fact]
    public void USER_and_PASS_log_in()
    {
        var session = Greeted();
        session.Client("USER alice smith\r\nPASS se cret\r\nSTAT\r\n");
        session.Backend("+OK\r\n");
        session.Backend("+OK in\r\n+OK 1 2\r\n");
        Assert.True(session.Transparent);
        Assert.Equal("USER alice smith\r\nPASS se cret\r\nSTAT\r\n", session.ToBackend);
        Assert.Equal("+OK\r\n+OK in\r\n+OK 1 2\r\n", session.ToClient);
        Assert.Equal(["login alice smith"], session.Reports);
    }

    [Fact]
    public void A_refused_password_is_counted_and_its_user_may_try_another()
    {
        var session = Greeted();
        session.Client("USER alice\r\nPASS wrong\r\nPASS right\r\n");
        session.Backend("+OK\r\n");
        session.Backend("-ERR [AUTH] no\r\n");
        session.Backend("+OK in\r\n");
        Assert.Equal(["login failed", "login alice"], session.Reports);
    }

    [Theory]
    [InlineData("-ERR [SYS/TEMP] Temporary authentication failure")]
    [InlineData("-ERR [IN-USE] Locked")]
    [InlineData("-ERR [LOGIN-DELAY] Wait")]
    public void A_server_that_cannot_look_has_refused_no_credentials(string answer)
    {
        var session = Greeted();
        session.Client("USER alice\r\nPASS right\r\n");
        session.Backend("+OK\r\n");
        session.Backend($"{answer}\r\n");
        Assert.Empty(session.Reports);
    }

    [Theory]
    [InlineData("USER bob")]
    [InlineData("APOP bob c4c9334bac560ecc979e58001b3e22fb")]
    public void A_name_that_the_backend_refused_does_not_hide_the_one_it_took(string refused)
    {
        var session = Greeted();
        session.Client($"USER alice\r\n{refused}\r\nPASS right\r\n");
        session.Backend("+OK\r\n");
        session.Backend("-ERR no\r\n");
        session.Backend("+OK in\r\n");
        Assert.Equal("login alice", session.Reports[^1]);
    }

    [Fact]
    public void APOP_logs_in()
    {
        var session = Greeted();
        session.Client("APOP alice c4c9334bac560ecc979e58001b3e22fb\r\n");
        session.Backend("+OK in\r\n");
        Assert.Equal(["login alice"], session.Reports);
        Assert.True(session.Transparent);
    }

    [Fact]
    public void AUTH_passes_every_round()
    {
        var session = Greeted();
        session.Client("AUTH LOGIN\r\n");
        session.Backend("+ VXNlcm5hbWU6\r\n");
        session.Client(Encode("alice") + "\r\n");
        session.Backend("+ UGFzc3dvcmQ6\r\n");
        session.Client(Encode("secret") + "\r\n");
        session.Backend("+OK in\r\n");
        Assert.Equal("+ VXNlcm5hbWU6\r\n+ UGFzc3dvcmQ6\r\n+OK in\r\n", session.ToClient);
        Assert.Equal(["login alice"], session.Reports);
    }

    [Fact]
    public void A_security_layer_begins_right_behind_the_login()
    {
        var session = Greeted();
        session.Client("AUTH GSSAPI\r\n");
        session.Backend("+ \r\n");
        session.Client("YIIB\r\n");
        session.Backend("+OK in\r\n\0\0\0\u0008\r\n-ERR");
        session.Client("\0\0\0\u0004STLS");
        Assert.True(session.Transparent);
        Assert.Equal("+ \r\n+OK in\r\n\0\0\0\u0008\r\n-ERR", session.ToClient);
        Assert.Equal("AUTH GSSAPI\r\nYIIB\r\n\0\0\0\u0004STLS", session.ToBackend);
    }

    [Fact]
    public void AUTH_with_initial_response_may_be_long()
    {
        var session = Greeted();
        var response = Encode("user=alice\u0001auth=Bearer " + new string('t', 3000) + "\u0001\u0001");
        session.Client($"AUTH XOAUTH2 {response}\r\n");
        session.Backend("+OK in\r\n");
        Assert.Equal(["login alice"], session.Reports);
    }

    [Fact]
    public void Only_a_refusal_of_credentials_is_a_failed_login()
    {
        var session = Greeted();
        session.Client("AUTH NTLM\r\n");
        session.Backend("-ERR unknown\r\n");
        session.Client("AUTH PLAIN\r\n");
        session.Backend("+\r\n");
        session.Client("*\r\n");
        session.Backend("-ERR cancelled\r\n");
        Assert.Empty(session.Reports);
        session.Client("AUTH PLAIN AGEAYg==\r\n");
        session.Backend("-ERR [AUTH] no\r\n");
        Assert.Equal(["login failed"], session.Reports);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002")]
    public void Another_protocol_gets_no_answer_to_play_with(string bytes)
    {
        var session = Greeted();
        session.Client(bytes);
        Assert.Equal(CloseReason.ProtocolError, session.Closed);
        Assert.Equal("", session.ToClient + session.ToBackend);
    }

    [Fact]
    public void Too_many_refused_commands_end_the_session()
    {
        var session = Greeted();
        session.Client(string.Concat(Enumerable.Repeat("STLS\r\n", 20)));
        Assert.EndsWith("-ERR Not possible now\r\n-ERR Too many errors\r\n", session.ToClient);
        Assert.Equal(CloseReason.ProtocolError, session.Closed);
    }

    [Theory]
    [InlineData("USER ", 1100, CloseReason.LineTooLong)]
    [InlineData("AUTH PLAIN ", 17_000, CloseReason.LineTooLong)]
    [InlineData("AUTH PLAIN ", 12_288, null)]
    [InlineData("PASS ", 900, null)]
    public void Lines_are_bounded(string command, int length, object? closed)
    {
        var session = Greeted();
        session.Client(command + new string('a', length) + "\r\n");
        Assert.Equal((CloseReason?)closed, session.Closed);
        Assert.Equal(closed is null, session.ToBackend.Length > 0);
    }

    [Theory]
    [InlineData("* OK imap\r\n")]
    [InlineData("+ go on\r\n")]
    [InlineData("+OKAY\r\n")]
    [InlineData("\r\n")]
    public void A_backend_out_of_step_ends_the_session(string reply)
    {
        var session = Greeted();
        session.Client("NOOP\r\n");
        session.Backend(reply);
        Assert.Equal("-ERR [SYS/TEMP] The mail server gave an answer that is not POP3\r\n", session.ToClient);
        Assert.Equal(CloseReason.BackendProtocolError, session.Closed);
    }

    [Fact]
    public void A_command_before_login_allocates_nothing()
    {
        var session = new RepeatedCommand(observer => new Pop3Machine(observer), "+OK ready\r\n"u8.ToArray());
        Assert.Equal(0, session.AllocatedBy("CAPA\r\n"u8.ToArray(), "+OK\r\nSTLS\r\nSASL PLAIN GSSAPI\r\n.\r\n"u8.ToArray()));
    }

    internal static MachineHarness Started(int backends = 1) =>
        new MachineHarness(observer => new Pop3Machine(observer)) { BackendsLeft = backends }.Start();

    internal static MachineHarness Greeted()
    {
        var session = Started();
        session.Backend("+OK ready\r\n");
        Assert.Equal("+OK ready\r\n", session.TakeToClient());
        return session;
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
