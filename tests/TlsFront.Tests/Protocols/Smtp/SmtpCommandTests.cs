using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

public class SmtpCommandTests
{
    [Theory]
    [InlineData("NOOP\n")]
    [InlineData("NOOP\rX\n")]
    [InlineData("NOOP\rMAIL\r\n")]
    [InlineData("NO\0OP\r\n")]
    [InlineData("\n")]
    [InlineData("NOOP\r\r\n")]
    [InlineData("NOOP x\nXCLIENT ADDR=192.0.2.1\r\n")]
    public void Where_they_are_rejected_a_bare_CR_LF_or_NUL_never_passes(string bytes)
    {
        var harness = SmtpSession.LoggedIn(new SessionRules(BareNewlines: BareNewlines.Reject));
        harness.Client(bytes + "X");
        Assert.Equal("500 5.5.2 Line with a bare CR, LF or NUL\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        Assert.Equal(CloseReason.BareNewline, harness.Closed);
    }

    [Theory]
    [InlineData("NOOP\rX\n")]
    [InlineData("NOOP\rMAIL\n")]
    [InlineData("NO\0OP\n")]
    [InlineData("NOOP\r\r\n")]
    public void Where_they_are_normalized_a_bare_CR_or_NUL_in_a_command_still_ends_the_session(string bytes)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(bytes + "X");
        Assert.Equal("500 5.5.2 Line with a bare CR, LF or NUL\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        Assert.Equal(CloseReason.BareNewline, harness.Closed);
    }

    [Theory]
    [InlineData("NOOP\n", "NOOP\r\n")]
    [InlineData("RSET\nRSET\r\nRSET\n", "RSET\r\nRSET\r\nRSET\r\n")]
    [InlineData("MAIL FROM:<a@x> SIZE=5 BODY=8BITMIME\n", "MAIL FROM:<a@x> SIZE=1029 BODY=8BITMIME\r\n")]
    [InlineData("MAIL FROM:<a@x> SIZE=5\n", "MAIL FROM:<a@x> SIZE=1029\r\n")]
    [InlineData("NOOP x\nXCLIENT ADDR=192.0.2.1\n", "NOOP x\r\n")]
    [InlineData("NOOP x \n", "NOOP x \r\n")]
    public void A_command_that_ends_in_LF_alone_is_one_and_gets_its_CR(string sent, string forwarded)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(sent);
        Assert.Equal(forwarded, harness.ToBackend);
        Assert.Null(harness.Closed);
    }

    [Fact]
    public void A_whole_session_may_end_its_lines_in_LF()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("EHLO laptop.example.net\n");
        harness.Backend(SmtpSession.EhloReply);
        harness.Client("AUTH LOGIN\n");
        harness.Backend("334 VXNlcm5hbWU6\r\n");
        harness.Client("YWxpY2U=\n");
        harness.Backend("334 UGFzc3dvcmQ6\r\n");
        harness.Client("c2VjcmV0\n");
        harness.Backend("235 Ok\r\n");
        harness.Client("MAIL FROM:<alice@example.com>\nRCPT TO:<bob@example.org>\nDATA\n");
        harness.Backend("250 Ok\r\n250 Ok\r\n354 Go\r\n");
        harness.Client("hello\n.\n.\n\r\n.\r\n\n");
        harness.Backend("250 queued\r\n");
        Assert.Equal(["login alice", "message accepted"], harness.Reports);
        Assert.Equal(
            "EHLO laptop.example.net\r\nAUTH LOGIN\r\nYWxpY2U=\r\nc2VjcmV0\r\nMAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n"
            + SmtpSession.Header() + "hello\r\n..\r\n..\r\n\r\n.\r\n",
            harness.ToBackend);
        Assert.EndsWith("500 5.5.2 Syntax error\r\n", harness.ToClient);
    }

    [Fact]
    public void Octets_of_a_chunk_begin_behind_the_LF_of_its_command()
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("BDAT 3 LAST\n\nabRSET\n");
        Assert.EndsWith("\r\n\nabRSET\r\n", harness.ToBackend);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("POST /x HTTP/1.1")]
    [InlineData("connect mail.example.com:465 HTTP/1.1")]
    [InlineData("PRI * HTTP/2.0")]
    [InlineData(" EHLO x")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("<script>")]
    public void What_is_not_SMTP_ends_the_session_without_an_echo(string bytes)
    {
        var harness = SmtpSession.Greeted();
        harness.Client(bytes + "\r\n");
        Assert.Equal("421 4.7.0 mail.example.com This is SMTP, closing connection\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
    }

    [Theory]
    [InlineData("XCLIENT ADDR=192.0.2.1", "502 5.5.1 Command not implemented\r\n")]
    [InlineData("mailX FROM:<a@example.com>", "502 5.5.1 Command not implemented\r\n")]
    [InlineData("RCPTTO-AND-MORE <b@example.org>", "502 5.5.1 Command not implemented\r\n")]
    [InlineData("STLS", "502 5.5.1 Command not implemented\r\n")]
    [InlineData("xforward NAME=x", "502 5.5.1 Command not implemented\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 1 2", "502 5.5.1 Command not implemented\r\n")]
    [InlineData("BURL imap://x LAST", "502 5.5.1 Command not implemented\r\n")]
    [InlineData("ETRN example.com", "502 5.5.1 Command not implemented\r\n")]
    [InlineData("ATRN", "502 5.5.1 Command not implemented\r\n")]
    [InlineData("TURN", "502 5.5.1 Command not implemented\r\n")]
    [InlineData("LHLO x", "502 5.5.1 Command not implemented\r\n")]
    [InlineData("STARTTLS", "503 5.5.1 Not possible now\r\n")]
    [InlineData("starttls now", "503 5.5.1 Not possible now\r\n")]
    [InlineData("", "500 5.5.2 Syntax error\r\n")]
    [InlineData("XCLIENT\tADDR=192.0.2.1", "500 5.5.2 Syntax error\r\n")]
    [InlineData("X\"CLIENT\" ADDR=192.0.2.1", "500 5.5.2 Syntax error\r\n")]
    [InlineData("MAIL\u000bFROM:<a@x>", "500 5.5.2 Syntax error\r\n")]
    public void Forbidden_verbs_are_answered_here_even_after_a_login(string command, string reply)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(command + "\r\n");
        Assert.Equal(reply, harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        Assert.Null(harness.Closed);
    }

    [Theory]
    [InlineData("HELP")]
    [InlineData("EHLO several words  here ")]
    [InlineData("NOOP  x ")]
    public void Odd_arguments_are_the_backends_business(string command)
    {
        var harness = SmtpSession.Greeted();
        harness.Client(command + "\r\n");
        Assert.Equal(command + "\r\n", harness.ToBackend);
    }

    [Theory]
    [InlineData("XYZZY 1 2")]
    [InlineData("X-EXPS NTLM")]
    [InlineData("XFORWARDED x")]
    public void Unknown_verbs_are_the_backends_business_once_mail_is(string command)
    {
        var harness = SmtpSession.Greeted();
        harness.Client(command + "\r\n");
        Assert.Equal("530 5.7.0 Authentication required\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        foreach (var session in new[] { SmtpSession.LoggedIn(), SmtpSession.Extended(new SessionRules(Authentication.Optional)) })
        {
            session.Client(command + "\r\n");
            Assert.Equal(command + "\r\n", session.ToBackend);
        }
    }

    [Fact]
    public void Replies_are_matched_by_count_whatever_their_codes_and_lines()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\nDATA\r\n");
        Assert.Equal("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\nDATA\r\n", harness.ToBackend);
        harness.Backend("250-2.1.0\r\n250 ok\r\n551-5.7.1 354 is no\r\n551 354 go\r\n250\r\n");
        harness.Client("RSET\r\n");
        Assert.DoesNotContain("RSET", harness.ToBackend);
        harness.TakeToBackend();
        harness.Backend("354 go\r\n");
        Assert.StartsWith("Received: ", harness.ToBackend);
        Assert.EndsWith("RSET\r\n", harness.ToBackend);
    }

    [Theory]
    [InlineData("NOOP")]
    [InlineData("VRFY bob")]
    [InlineData("HELP")]
    [InlineData("QUIT")]
    [InlineData("EHLO x")]
    [InlineData("HELO x")]
    [InlineData("DATA")]
    public void What_must_end_a_pipelined_group_is_answered_before_anything_follows_it(string command)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client($"{command}\r\nRSET\r\n");
        Assert.Equal($"{command}\r\n", harness.ToBackend);
    }

    [Fact]
    public void Commands_held_behind_a_NOOP_follow_its_reply()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("NOOP\r\nRSET\r\nMAIL FROM:<a@x>\r\n");
        harness.Backend("250 Ok\r\n");
        Assert.Equal("NOOP\r\nRSET\r\n", harness.ToBackend);
        harness.Backend("250 Ok\r\n");
        Assert.Equal("NOOP\r\nRSET\r\nMAIL FROM:<a@x>\r\n", harness.ToBackend);
    }

    [Fact]
    public void At_most_64_commands_wait_for_their_replies()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(string.Concat(Enumerable.Repeat("RSET\r\n", 200)));
        Assert.InRange(harness.ToBackend.Length / 6, 60, 64);
        harness.Backend(string.Concat(Enumerable.Repeat("250 Ok\r\n", 60)));
        harness.Backend(string.Concat(Enumerable.Repeat("250 Ok\r\n", 60)));
        harness.Backend(string.Concat(Enumerable.Repeat("250 Ok\r\n", 60)));
        harness.Backend(string.Concat(Enumerable.Repeat("250 Ok\r\n", 20)));
        Assert.Equal(200, harness.ToBackend.Length / 6);
        Assert.Equal(200, harness.ToClient.Length / 8);
        Assert.Equal(Phase.Command, harness.Phase);
    }

    [Theory]
    [InlineData(2040, true)]
    [InlineData(2041, false)]
    public void A_command_has_at_most_2040_octets(int length, bool passes)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("NOOP ".PadRight(length - 2, 'x') + "\r\n");
        Assert.Equal(passes ? length : 0, harness.ToBackend.Length);
        Assert.Equal(passes ? null : CloseReason.LineTooLong, harness.Closed);
        Assert.Equal(passes ? "" : "500 5.5.2 Line too long\r\n", harness.ToClient);
    }

    [Fact]
    public void A_command_that_grows_stays_within_the_2048_octets_that_Postfix_reads()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("MAIL FROM:<a@x> X=".PadRight(SmtpLine.MaxLength - 8, 'x') + " SIZE=0\n");
        Assert.EndsWith(" SIZE=1024\r\n", harness.ToBackend);
        Assert.InRange(harness.ToBackend.Length, SmtpLine.MaxLength + 1, 2048);
    }

    [Theory]
    [InlineData("250 what\r\n")]
    [InlineData("nonsense\r\n")]
    [InlineData("199 x\r\n")]
    [InlineData("354 send\r\n")]
    public void A_backend_that_leaves_the_protocol_ends_the_session(string unsolicited)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Backend(unsolicited);
        Assert.Equal("421 4.3.0 mail.example.com Service closing connection, try again later\r\n", harness.ToClient);
        Assert.Equal(CloseReason.BackendProtocolError, harness.Closed);
    }

    [Theory]
    [InlineData("XEXCH50 10 2", "354 send")]
    [InlineData("DATA", "334 go on")]
    [InlineData("EHLO x", "354 send")]
    [InlineData("NOOP", "399 more")]
    public void A_request_for_more_must_fit_the_command(string command, string reply)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(command + "\r\n");
        harness.Forget();
        harness.Backend(reply + "\r\n");
        harness.Client("MAIL FROM:<a@x>\r\n");
        Assert.Equal("", harness.ToBackend);
        Assert.Equal(CloseReason.BackendProtocolError, harness.Closed);
        Assert.DoesNotContain(reply, harness.ToClient);
    }

    [Theory]
    [InlineData("")]
    [InlineData("RSET\r\n")]
    [InlineData("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\n")]
    public void A_421_may_come_at_any_time(string outstanding)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(outstanding);
        harness.Backend("421-going\r\n421 down\r\n");
        Assert.Equal("421-going\r\n421 down\r\n", harness.ToClient);
        Assert.Equal(CloseReason.BackendClosed, harness.Closed);
    }

    [Fact]
    public void QUIT_ends_the_session_with_the_backends_goodbye()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("QUIT\r\n");
        harness.Backend("221 Bye\r\n");
        Assert.Equal("221 Bye\r\n", harness.ToClient);
        Assert.Equal(CloseReason.Completed, harness.Closed);
    }

    [Theory]
    [InlineData("MAIL FROM:<a@x> SIZE=5000", "MAIL FROM:<a@x> SIZE=6024")]
    [InlineData("MAIL FROM:<a@x> BODY=8BITMIME size=0 RET=HDRS", "MAIL FROM:<a@x> BODY=8BITMIME size=1024 RET=HDRS")]
    [InlineData("MAIL FROM:<a@x>", "MAIL FROM:<a@x>")]
    [InlineData("MAIL FROM: <a@x> SIZE=1", "MAIL FROM: <a@x> SIZE=1025")]
    [InlineData("MAIL FROM:<\" SIZE=5> SIZE=5\"@x> SIZE=7", "MAIL FROM:<\" SIZE=5> SIZE=5\"@x> SIZE=1031")]
    [InlineData("MAIL FROM:<a@x> SIZE=18446744073709551615", "MAIL FROM:<a@x> SIZE=18446744073709551615")]
    [InlineData("MAIL FROM:<a@x> SIZE=18446744073709550591", "MAIL FROM:<a@x> SIZE=18446744073709551615")]
    [InlineData("MAIL FROM:<a@x> SIZE=99999999999999999999999", "MAIL FROM:<a@x> SIZE=99999999999999999999999")]
    [InlineData("MAIL FROM:<a@x> SIZE=", "MAIL FROM:<a@x> SIZE=")]
    [InlineData("MAIL FROM:<a@x> SIZE=5x", "MAIL FROM:<a@x> SIZE=5x")]
    [InlineData("MAIL", "MAIL")]
    public void The_declared_size_grows_by_what_the_gateway_may_add(string command, string forwarded)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(command + "\r\n");
        Assert.Equal(forwarded + "\r\n", harness.ToBackend);
    }

    [Fact]
    public void Phases_follow_the_dialogue()
    {
        var harness = SmtpSession.Greeted();
        Assert.Equal(Phase.PreLogin, harness.Phase);
        harness.Client("EHLO x\r\n");
        Assert.Equal(Phase.AwaitReply, harness.Phase);
        harness.Backend(SmtpSession.EhloReply);
        Assert.Equal(Phase.PreLogin, harness.Phase);
        harness.Client("AUTH LOGIN\r\n");
        Assert.Equal(Phase.AwaitReply, harness.Phase);
        harness.Backend("334 x\r\n");
        Assert.Equal(Phase.PreLogin, harness.Phase);
        harness.Client("eA==\r\n");
        harness.Backend("235 Ok\r\n");
        Assert.Equal(Phase.Command, harness.Phase);
        harness.Client("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n");
        harness.Backend("250 Ok\r\n250 Ok\r\n354 Go\r\n");
        Assert.Equal(Phase.Data, harness.Phase);
        harness.Client("x\r\n.\r\n");
        Assert.Equal(Phase.FinalReply, harness.Phase);
        harness.Backend("250 Ok\r\n");
        Assert.Equal(Phase.Command, harness.Phase);
    }
}
