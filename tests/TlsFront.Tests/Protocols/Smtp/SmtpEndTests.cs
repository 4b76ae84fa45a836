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
        var harness = new MachineHarness(observer => new SmtpMachine(new SmtpRules(), observer)).Start();
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
        var harness = SmtpSession.InData(new SmtpRules(BareNewlines: BareNewlines.Reject));
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
        Assert.Equal(CloseReason.Completed, harness.Closed);
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
        public const string BackendTimeout = nameof(CloseReason.BackendTimeout);
    }
}
