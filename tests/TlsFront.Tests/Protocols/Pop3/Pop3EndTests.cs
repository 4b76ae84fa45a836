using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.Pop3;

public class Pop3EndTests
{
    [Fact]
    public void QUIT_completes_the_session()
    {
        var session = Pop3MachineTests.Greeted();
        session.Client("QUIT\r\n");
        session.Backend("+OK bye\r\n");
        Assert.Equal("+OK bye\r\n", session.ToClient);
        Assert.Equal(CloseReason.Completed, session.Closed);
    }

    [Fact]
    public void A_backend_that_closes_on_QUIT_without_a_word_completes_it_too()
    {
        var session = Pop3MachineTests.Greeted();
        session.Client("QUIT\r\n");
        session.BackendEnds();
        Assert.Equal("", session.ToClient);
        Assert.Equal(CloseReason.Completed, session.Closed);
    }

    [Fact]
    public void A_refusing_backend_is_passed_over_while_another_is_left()
    {
        var session = Pop3MachineTests.Started(backends: 3);
        session.Backend("-ERR overloaded\r\n");
        session.Backend("220 smtp\r\n");
        session.Backend("+OK ready\r\n");
        Assert.Equal(3, session.Connects);
        Assert.Equal("+OK ready\r\n", session.ToClient);
    }

    [Theory]
    [InlineData("-ERR overloaded\r\n", "-ERR overloaded\r\n", CloseReason.BackendRefused)]
    [InlineData("220 smtp\r\n", "-ERR [SYS/TEMP] The mail server gave an answer that is not POP3\r\n", CloseReason.BackendProtocolError)]
    public void The_last_backends_refusal_is_told(string greeting, string told, object reason)
    {
        var session = Pop3MachineTests.Started();
        session.Backend(greeting);
        Assert.Equal(told, session.ToClient);
        Assert.Equal((CloseReason)reason, session.Closed);
    }

    [Fact]
    public void Without_a_backend_the_client_is_told_to_come_again()
    {
        var session = Pop3MachineTests.Started(backends: 0);
        Assert.Equal("-ERR [SYS/TEMP] The mail server is not available, try again later\r\n", session.ToClient);
        Assert.Equal(CloseReason.BackendUnavailable, session.Closed);
    }

    [Fact]
    public void A_drain_waits_for_the_whole_answer()
    {
        var session = Pop3MachineTests.Greeted();
        session.Client("CAPA\r\nNOOP\r\n");
        session.Backend("+OK\r\nUSER\r\n");
        session.Signal(Signal.Drain);
        Assert.Null(session.Closed);
        session.Backend(".\r\n");
        Assert.Equal("+OK\r\nUSER\r\n.\r\n-ERR [SYS/TEMP] Shutting down, connect again\r\n", session.ToClient);
        Assert.Equal("CAPA\r\n", session.ToBackend);
        Assert.Equal(CloseReason.Drained, session.Closed);
    }

    [Theory]
    [InlineData("USER a", "-ERR Idle for too long\r\n", CloseReason.ClientIdle, Phase.PreLogin)]
    [InlineData("USER a\r\n", "-ERR [SYS/TEMP] The mail server does not answer\r\n", CloseReason.BackendTimeout, Phase.AwaitReply)]
    public void A_deadline_blames_the_side_that_was_waited_for(string sent, string goodbye, object reason, object phase)
    {
        var session = Pop3MachineTests.Greeted();
        session.Client(sent);
        Assert.Equal((Phase)phase, session.Phase);
        session.Signal(Signal.Expired);
        Assert.Equal(goodbye, session.ToClient);
        Assert.Equal((CloseReason)reason, session.Closed);
    }

    [Fact]
    public void A_backend_that_gives_up_an_idle_session_has_the_last_word()
    {
        var session = Pop3MachineTests.Greeted();
        session.Backend("-ERR Disconnected for inactivity.\r\n");
        Assert.Equal("-ERR Disconnected for inactivity.\r\n", session.ToClient);
        Assert.Equal(CloseReason.BackendClosed, session.Closed);
    }

    [Fact]
    public void A_backend_that_vanishes_is_explained()
    {
        var session = Pop3MachineTests.Greeted();
        session.Client("USER alice\r\n");
        session.BackendEnds();
        Assert.Equal("-ERR [SYS/TEMP] The mail server closed the connection\r\n", session.ToClient);
        Assert.Equal(CloseReason.BackendClosed, session.Closed);
    }

    [Fact]
    public void A_client_that_ends_its_half_gets_every_answer()
    {
        var session = Pop3MachineTests.Greeted();
        session.Client("CAPA\r\nNOOP\r\nQUIT\r\n");
        session.ClientEnds();
        session.Backend("+OK\r\nUSER\r\n");
        session.Backend(".\r\n");
        session.Backend("+OK\r\n");
        Assert.Null(session.Closed);
        session.Backend("+OK bye\r\n");
        Assert.Equal("+OK\r\nUSER\r\n.\r\n+OK\r\n+OK bye\r\n", session.ToClient);
        Assert.Equal(CloseReason.Completed, session.Closed);
    }

    [Theory]
    [InlineData("CAPA\r\n", "+OK\r\nUSER\r\n", ".\r\n")]
    [InlineData("AUTH\r\n", "+OK\r\n", "PLAIN\r\n.\r\n")]
    [InlineData("USER alice\r\n", "", "+OK\r\n")]
    [InlineData("AUTH PLAIN\r\n", "", "+ \r\n")]
    public void A_client_that_ends_its_half_without_QUIT_is_closed_behind_the_answer_it_is_owed(string sent, string begun, string rest)
    {
        var session = Pop3MachineTests.Greeted();
        session.Client(sent);
        session.Backend(begun);
        session.ClientEnds();
        Assert.Null(session.Closed);
        session.Backend(rest);
        Assert.Equal(begun + rest, session.ToClient);
        Assert.Equal(CloseReason.ClientClosed, session.Closed);
    }

    [Fact]
    public void A_client_that_leaves_closes_the_session()
    {
        var session = Pop3MachineTests.Greeted();
        session.ClientEnds();
        Assert.Equal(CloseReason.ClientClosed, session.Closed);
    }
}
