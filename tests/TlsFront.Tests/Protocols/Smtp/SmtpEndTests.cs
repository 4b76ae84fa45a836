using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

public class SmtpEndTests
{
    private const string ShuttingDown = "421 4.3.2 mail.example.com Service shutting down\r\n";

    [Fact]
    public void Draining_ends_an_idle_session_at_once()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Signal(Signal.Drain);
        Assert.Equal(ShuttingDown, harness.ToClient);
        Assert.Equal(CloseReason.Drained, harness.Closed);
    }

    [Fact]
    public void Draining_before_the_greeting_ends_the_session_at_once()
    {
        var harness = new MachineHarness(observer => new SmtpMachine(new SessionRules(), observer)).Start();
        harness.Signal(Signal.Drain);
        Assert.Equal(ShuttingDown, harness.ToClient);
        Assert.Equal(CloseReason.Drained, harness.Closed);
    }

    [Fact]
    public void Draining_waits_for_outstanding_replies()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("NOOP\r\nMAIL FROM:<a@x>\r\n");
        harness.Signal(Signal.Drain);
        Assert.Equal("", harness.ToClient);
        harness.Backend("250 Ok\r\n");
        Assert.Equal("250 Ok\r\n" + ShuttingDown, harness.ToClient);
        Assert.DoesNotContain("MAIL", harness.ToBackend);
    }

    [Theory]
    [InlineData("x\r\n.\r\n", "250 queued\r\n")]
    [InlineData("x\r\n.\r\n", "550 no\r\n")]
    public void Draining_lets_a_message_complete(string content, string verdict)
    {
        var harness = SmtpSession.InData();
        harness.Client("first line\r\n");
        harness.Signal(Signal.Drain);
        harness.Client(content);
        Assert.Null(harness.Closed);
        harness.Backend(verdict);
        Assert.Equal(verdict + ShuttingDown, harness.ToClient);
        Assert.Equal(CloseReason.Drained, harness.Closed);
    }

    [Fact]
    public void Draining_lets_a_transaction_go_on_and_ends_it_at_RSET()
    {
        var harness = SmtpSession.InTransaction();
        harness.Signal(Signal.Drain);
        harness.Client("RCPT TO:<c@x>\r\n");
        harness.Backend("250 Ok\r\n");
        Assert.Null(harness.Closed);
        harness.Client("RSET\r\n");
        harness.Backend("250 Ok\r\n");
        Assert.EndsWith(ShuttingDown, harness.ToClient);
        Assert.Equal(CloseReason.Drained, harness.Closed);
    }

    [Fact]
    public void Draining_after_the_last_chunk_waits_for_its_verdict()
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("BDAT 3\r\nabc");
        harness.Signal(Signal.Drain);
        harness.Backend("250 Ok\r\n");
        Assert.Null(harness.Closed);
        harness.Client("BDAT 0 LAST\r\n");
        harness.Backend("250 queued\r\n");
        Assert.EndsWith("250 queued\r\n" + ShuttingDown, harness.ToClient);
    }

    [Fact]
    public void Draining_inside_a_refused_chunk_ends_with_its_last_octet()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("BDAT 4\r\nab");
        harness.Signal(Signal.Drain);
        Assert.Null(harness.Closed);
        harness.Client("cd");
        Assert.EndsWith(ShuttingDown, harness.ToClient);
        Assert.Equal(CloseReason.Drained, harness.Closed);
    }

    [Fact]
    public void Draining_inside_a_chunk_that_failed_early_ends_with_its_last_octet()
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("BDAT 4 LAST\r\nab");
        harness.Backend("552 too big\r\n");
        harness.Signal(Signal.Drain);
        Assert.Null(harness.Closed);
        harness.Client("cd");
        Assert.Equal(CloseReason.Drained, harness.Closed);
    }

    [Fact]
    public void Draining_inside_a_rejected_message_ends_with_its_refusal()
    {
        var harness = SmtpSession.InData(new SessionRules(BareNewlines: BareNewlines.Reject));
        harness.Client("a\nb");
        harness.Signal(Signal.Drain);
        harness.Client("\r\n.\r\n");
        Assert.Equal("550 5.6.0 Message contains a bare CR, LF or NUL\r\n" + ShuttingDown, harness.ToClient);
        Assert.Equal(CloseReason.Drained, harness.Closed);
    }

    [Fact]
    public void A_backend_that_ends_takes_the_client_with_it()
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("RSET\r\n");
        harness.BackendEnds();
        Assert.Equal("421 4.3.0 mail.example.com Service closing connection, try again later\r\n", harness.ToClient);
        Assert.Equal(CloseReason.BackendClosed, harness.Closed);
    }

    [Fact]
    public void A_client_that_leaves_ends_the_session()
    {
        var harness = SmtpSession.InTransaction();
        harness.ClientEnds();
        Assert.Equal(CloseReason.ClientClosed, harness.Closed);
    }

    [Fact]
    public void A_client_that_leaves_right_after_QUIT_said_goodbye()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("QUIT\r\n");
        harness.ClientEnds();
        Assert.Null(harness.Closed);
        harness.Backend("221 Bye\r\n");
        Assert.Equal("221 Bye\r\n", harness.ToClient);
        Assert.Equal(CloseReason.Completed, harness.Closed);
    }

    [Theory]
    [InlineData("EHLO x\r\nQUIT\r\n", 2)]
    [InlineData("EHLO x\r\nNOOP\r\nNOOP\r\nRSET\r\nQUIT\r\n", 5)]
    [InlineData("RSET\r\nRSET\r\nXCLIENT x\r\nNOOP\r\nQUIT\r\n", 5)]
    [InlineData("RSET\r\nQUIT\r\nNO", 2)]
    public void A_client_that_closes_its_half_gets_every_reply(string commands, int replies)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(commands);
        harness.ClientEnds();
        for (var left = harness.TakeToBackend(); left.Length > 0 && harness.Closed is null; left = harness.TakeToBackend())
        {
            foreach (var command in left.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
            {
                harness.Backend(command == "QUIT" ? "221 Bye\r\n" : "250 Ok\r\n");
            }
        }

        Assert.Equal(replies, harness.ToClient.Split("\r\n").Length - 1);
        Assert.EndsWith("221 Bye\r\n", harness.ToClient);
        Assert.Equal(CloseReason.Completed, harness.Closed);
    }

    [Fact]
    public void Without_QUIT_the_session_of_a_half_closed_client_ends_with_the_last_reply()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("RSET\r\nRSET\r\n");
        harness.ClientEnds();
        harness.Backend("250 one\r\n");
        Assert.Null(harness.Closed);
        harness.Backend("250 two\r\n");
        Assert.Equal("250 one\r\n250 two\r\n", harness.ToClient);
        Assert.Equal(CloseReason.ClientClosed, harness.Closed);
    }

    [Theory]
    [InlineData("DATA\r\n", "354 Go\r\n")]
    [InlineData("AUTH LOGIN\r\n", "334 x\r\n")]
    public void A_reply_that_asks_a_half_closed_client_for_more_ends_the_session(string command, string reply)
    {
        var harness = SmtpSession.Extended(new SessionRules(Authentication.Optional));
        harness.Client(command);
        harness.ClientEnds();
        Assert.Null(harness.Closed);
        harness.Backend(reply);
        Assert.Equal(command, harness.ToBackend);
        Assert.Equal(CloseReason.ClientClosed, harness.Closed);
    }

    [Fact]
    public void A_half_closed_client_waits_no_longer_than_any_other()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("RSET\r\n");
        harness.ClientEnds();
        harness.Signal(Signal.Expired);
        Assert.Equal(CloseReason.BackendTimeout, harness.Closed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_that_is_lost_gets_no_reply_and_waits_for_none(bool endedBefore)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("RSET\r\n");
        if (endedBefore)
        {
            harness.ClientEnds();
            Assert.Null(harness.Closed);
        }

        harness.Signal(Signal.ClientLost);
        Assert.Equal(CloseReason.ClientClosed, harness.Closed);
    }

    [Theory]
    [InlineData("QUIT\r\n", CloseReasonName.Completed)]
    [InlineData("MAIL FROM:<a@x>\r\n", CloseReasonName.ClientClosed)]
    public void The_verdict_on_the_message_of_a_lost_client_is_waited_for_and_nothing_else(string behind, string reason)
    {
        var harness = SmtpSession.InData();
        harness.Client("x\r\n.\r\n" + behind);
        harness.Signal(Signal.ClientLost);
        Assert.Null(harness.Closed);
        harness.Backend("250 queued\r\n");
        Assert.Equal(["message accepted"], harness.Reports);
        Assert.DoesNotContain("MAIL", harness.ToBackend);
        Assert.Equal(reason, harness.Closed.ToString());
    }

    [Fact]
    public void A_QUIT_that_was_refused_is_no_goodbye()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("QUIT now\r\n");
        harness.Backend("501 no\r\n");
        harness.ClientEnds();
        Assert.Equal(CloseReason.ClientClosed, harness.Closed);
    }

    [Theory]
    [InlineData("", CloseReasonName.ClientIdle)]
    [InlineData("RSET\r\n", CloseReasonName.BackendTimeout)]
    [InlineData("RS", CloseReasonName.ClientIdle)]
    public void A_passed_deadline_is_the_fault_of_who_was_to_speak(string sent, string reason)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(sent);
        harness.Signal(Signal.Expired);
        Assert.Equal("421 4.4.2 mail.example.com Timeout, closing connection\r\n", harness.ToClient);
        Assert.Equal(reason, harness.Closed.ToString());
    }

    [Theory]
    [InlineData("half", CloseReasonName.ClientIdle)]
    [InlineData("x\r\n.\r\n", CloseReasonName.BackendTimeout)]
    public void A_passed_deadline_inside_a_message_completes_nothing(string sent, string reason)
    {
        var harness = SmtpSession.InData();
        harness.Client(sent);
        var atBackend = harness.ToBackend;
        harness.Signal(Signal.Expired);
        Assert.Equal(atBackend, harness.ToBackend);
        Assert.Equal(reason, harness.Closed.ToString());
    }

    private static class CloseReasonName
    {
        public const string ClientIdle = nameof(CloseReason.ClientIdle);
        public const string ClientClosed = nameof(CloseReason.ClientClosed);
        public const string Completed = nameof(CloseReason.Completed);
        public const string BackendTimeout = nameof(CloseReason.BackendTimeout);
    }
}
