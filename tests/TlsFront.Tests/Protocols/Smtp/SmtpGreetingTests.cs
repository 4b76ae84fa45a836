using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

public class SmtpGreetingTests
{
    private const string Unavailable = "421 4.3.2 mail.example.com Service not available, try again later\r\n";

    [Fact]
    public void Nothing_reaches_either_side_before_the_greeting_is_complete()
    {
        var harness = Start();
        harness.Client("EHLO early.example.com\r\n");
        harness.Backend("220-one\r\n220 tw");
        Assert.Equal("", harness.ToClient + harness.ToBackend);

        harness.Backend("o\r\n");
        Assert.Equal("220-one\r\n220 two\r\n", harness.ToClient);
        Assert.Equal("EHLO early.example.com\r\n", harness.ToBackend);
    }

    [Theory]
    [InlineData("421 busy\r\n")]
    [InlineData("421-busy\r\n421 later\r\n")]
    [InlineData("554 go away\r\n")]
    [InlineData("* OK IMAP ready\r\n")]
    public void A_refused_greeting_counts_as_a_failed_try_while_a_destination_is_left(string greeting)
    {
        var harness = Start(backends: 2);
        harness.Backend(greeting);
        Assert.Equal(2, harness.Connects);
        Assert.Equal("", harness.ToClient);

        harness.Backend("220 second\r\n");
        Assert.Equal("220 second\r\n", harness.ToClient);
        Assert.Null(harness.Closed);
    }

    [Fact]
    public void The_last_destinations_421_is_relayed_and_ends_the_session()
    {
        var harness = Start();
        harness.Backend("421-busy\r\n421 later\r\n");
        Assert.Equal("421-busy\r\n421 later\r\n", harness.ToClient);
        Assert.Equal(CloseReason.BackendRefused, harness.Closed);
    }

    [Fact]
    public void The_last_destinations_554_is_relayed_and_leaves_QUIT_to_the_client()
    {
        var harness = Start();
        harness.Backend("554 no SMTP service here\r\n");
        harness.Client("QUIT\r\n");
        harness.Backend("221 Bye\r\n");
        Assert.Equal("554 no SMTP service here\r\n221 Bye\r\n", harness.ToClient);
        Assert.Equal(CloseReason.Completed, harness.Closed);
    }

    [Theory]
    [InlineData(Signal.BackendEnded)]
    [InlineData(Signal.Expired)]
    public void A_backend_that_says_nothing_is_given_up_for_the_next(object signal)
    {
        var harness = Start(backends: 2);
        harness.Backend("220-half");
        Raise(harness, (Signal)signal);
        Assert.Equal(2, harness.Connects);
        Assert.Equal("", harness.ToClient);

        Raise(harness, (Signal)signal);
        Assert.Equal(Unavailable, harness.ToClient);
        Assert.Equal(CloseReason.BackendUnavailable, harness.Closed);
    }

    [Fact]
    public void With_no_backend_left_the_client_is_told_to_come_back()
    {
        var harness = Start(backends: 0);
        Assert.Equal(Unavailable, harness.ToClient);
        Assert.Equal(CloseReason.BackendUnavailable, harness.Closed);
    }

    [Fact]
    public void A_last_backend_that_does_not_speak_SMTP_is_a_protocol_error()
    {
        var harness = Start();
        harness.Backend("* OK IMAP ready\r\n");
        Assert.StartsWith("421 4.3.0 mail.example.com ", harness.ToClient);
        Assert.Equal(CloseReason.BackendProtocolError, harness.Closed);
    }

    [Fact]
    public void A_greeting_without_end_is_not_collected_for_ever()
    {
        var harness = Start();
        harness.Backend(string.Concat(Enumerable.Repeat("220-hello\r\n", 1000)));
        Assert.Equal(CloseReason.BackendProtocolError, harness.Closed);
    }

    [Fact]
    public void Bytes_behind_the_greeting_answer_nothing_and_end_the_session()
    {
        var harness = Start();
        harness.Backend("220 hello\r\n250 what\r\n");
        Assert.DoesNotContain("what", harness.ToClient);
        Assert.Equal(CloseReason.BackendProtocolError, harness.Closed);
    }

    private static MachineHarness Start(int backends = 1) =>
        new MachineHarness(observer => new SmtpMachine(new SessionRules(), observer)) { BackendsLeft = backends }.Start();

    private static void Raise(MachineHarness harness, Signal signal)
    {
        if (signal == Signal.BackendEnded)
        {
            harness.BackendEnds();
        }
        else
        {
            harness.Signal(signal);
        }
    }
}
