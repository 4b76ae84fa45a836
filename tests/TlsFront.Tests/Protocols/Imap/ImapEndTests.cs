using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.Imap;

public class ImapEndTests
{
    [Fact]
    public void A_refusing_backend_is_passed_over_while_another_is_left()
    {
        var session = ImapMachineTests.Started(backends: 2);
        session.Backend("* BYE overloaded\r\n");
        Assert.Equal(2, session.Connects);
        Assert.Equal("", session.ToClient);
        session.Backend("* OK ready\r\n");
        Assert.Equal("* OK ready\r\n", session.ToClient);
    }

    [Fact]
    public void The_last_backends_refusal_reaches_the_client()
    {
        var session = ImapMachineTests.Started();
        session.Backend("* BYE overloaded\r\n");
        Assert.Equal("* BYE overloaded\r\n", session.ToClient);
        Assert.Equal(CloseReason.BackendRefused, session.Closed);
    }

    [Theory]
    [InlineData("220 mail ESMTP\r\n")]
    [InlineData("+OK pop\r\n")]
    [InlineData("* OKAY\r\n")]
    public void What_is_not_IMAP_is_no_greeting(string greeting)
    {
        var session = ImapMachineTests.Started();
        session.Backend(greeting);
        Assert.Equal("* BYE [UNAVAILABLE] The mail server gave an answer that is not IMAP\r\n", session.ToClient);
        Assert.Equal(CloseReason.BackendProtocolError, session.Closed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_silent_or_vanishing_backend_is_a_failed_try(bool ends)
    {
        var session = ImapMachineTests.Started(backends: 2);
        Fail(session, ends);
        Assert.Equal(2, session.Connects);
        Assert.Equal("", session.ToClient);
        Fail(session, ends);
        Assert.Equal("* BYE [UNAVAILABLE] The mail server is not available, try again later\r\n", session.ToClient);
        Assert.Equal(CloseReason.BackendUnavailable, session.Closed);
    }

    [Fact]
    public void Without_a_backend_the_client_is_told_to_come_again()
    {
        var session = ImapMachineTests.Started(backends: 0);
        Assert.Equal("* BYE [UNAVAILABLE] The mail server is not available, try again later\r\n", session.ToClient);
        Assert.Equal(CloseReason.BackendUnavailable, session.Closed);
    }

    [Fact]
    public void A_drain_ends_an_idle_session_at_once()
    {
        var session = ImapMachineTests.Greeted();
        session.Signal(Signal.Drain);
        Assert.Equal("* BYE [UNAVAILABLE] Shutting down, connect again\r\n", session.ToClient);
        Assert.Equal(CloseReason.Drained, session.Closed);
    }

    [Fact]
    public void A_drain_before_the_greeting_is_the_greeting()
    {
        var session = ImapMachineTests.Started();
        session.Signal(Signal.Drain);
        Assert.Equal("* BYE [UNAVAILABLE] Shutting down, connect again\r\n", session.ToClient);
        Assert.Equal(CloseReason.Drained, session.Closed);
    }

    [Fact]
    public void A_drain_waits_for_the_answer_the_backend_owes()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a NOOP\r\nb NOOP\r\n");
        session.Signal(Signal.Drain);
        Assert.Null(session.Closed);
        session.Backend("a OK done\r\n");
        Assert.Equal("a OK done\r\n* BYE [UNAVAILABLE] Shutting down, connect again\r\n", session.ToClient);
        Assert.Equal("a NOOP\r\n", session.ToBackend);
        Assert.Equal(CloseReason.Drained, session.Closed);
    }

    [Fact]
    public void A_login_under_way_when_the_drain_comes_is_answered_and_then_ended()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN alice secret\r\n");
        session.Signal(Signal.Drain);
        session.Backend("a OK in\r\n");
        Assert.Equal("a OK in\r\n", session.ToClient);
        Assert.False(session.Transparent);
        Assert.Equal(CloseReason.Drained, session.Closed);
    }

    [Theory]
    [InlineData(false, "* BYE Autologout; idle for too long\r\n", CloseReason.ClientIdle, Phase.PreLogin)]
    [InlineData(true, "* BYE [UNAVAILABLE] The mail server does not answer\r\n", CloseReason.BackendTimeout, Phase.AwaitReply)]
    public void A_deadline_blames_the_side_that_was_waited_for(bool commandSent, string goodbye, object reason, object phase)
    {
        var session = ImapMachineTests.Greeted();
        session.Client(commandSent ? "a NOOP\r\n" : "a NO");
        Assert.Equal((Phase)phase, session.Phase);
        session.Signal(Signal.Expired);
        Assert.Equal(goodbye, session.ToClient);
        Assert.Equal((CloseReason)reason, session.Closed);
    }

    [Fact]
    public void A_backend_that_vanishes_is_explained()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN alice secret\r\n");
        session.BackendEnds();
        Assert.Equal("* BYE [UNAVAILABLE] The mail server closed the connection\r\n", session.ToClient);
        Assert.Equal(CloseReason.BackendClosed, session.Closed);
        Assert.Empty(session.Reports);
    }

    [Fact]
    public void A_backend_that_says_goodbye_itself_has_the_last_word()
    {
        var session = ImapMachineTests.Greeted();
        session.Backend("* BYE Too long idle\r\n");
        session.Client("a NOOP\r\n");
        session.BackendEnds();
        Assert.Equal("* BYE Too long idle\r\n", session.ToClient);
        Assert.Equal("", session.ToBackend);
        Assert.Equal(CloseReason.BackendClosed, session.Closed);
    }

    [Fact]
    public void Nothing_is_inserted_into_a_literal_of_the_backends()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a ID NIL\r\n");
        session.Backend("* ID (\"name\" {20}\r\nhalf");
        session.BackendEnds();
        Assert.Equal("* ID (\"name\" {20}\r\nhalf", session.ToClient);
        Assert.Equal(CloseReason.BackendClosed, session.Closed);
    }

    [Fact]
    public void A_client_that_leaves_closes_the_session()
    {
        var session = ImapMachineTests.Greeted();
        session.ClientEnds();
        Assert.Equal(CloseReason.ClientClosed, session.Closed);
        Assert.Equal("", session.ToClient);
    }

    [Fact]
    public void A_client_that_ends_its_half_gets_every_answer()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a CAPABILITY\r\nb NOOP\r\nc LOGOUT\r\n");
        session.ClientEnds();
        session.Backend("* CAPABILITY IMAP4rev1\r\na OK done\r\n");
        session.Backend("b OK done\r\n");
        session.Backend("* BYE bye\r\n");
        Assert.Null(session.Closed);
        session.Backend("c OK done\r\n");
        Assert.Equal("* CAPABILITY IMAP4rev1\r\na OK done\r\nb OK done\r\n* BYE bye\r\nc OK done\r\n", session.ToClient);
        Assert.Equal(CloseReason.Completed, session.Closed);
    }

    [Theory]
    [InlineData("a NOOP\r\n", "a OK done\r\n")]
    [InlineData("a NOOP\r\nhalf a line", "a OK done\r\n")]
    [InlineData("a LOGIN alice secret\r\n", "a NO wrong\r\n")]
    [InlineData("a AUTHENTICATE PLAIN\r\n", "+ \r\n")]
    [InlineData("a LOGIN {5}\r\n", "+ OK\r\n")]
    public void A_client_that_ends_its_half_without_LOGOUT_is_closed_behind_the_answer_it_is_owed(string sent, string reply)
    {
        var session = ImapMachineTests.Greeted();
        session.Client(sent);
        session.ClientEnds();
        Assert.Null(session.Closed);
        session.Backend(reply);
        Assert.Equal(reply, session.ToClient);
        Assert.Equal(CloseReason.ClientClosed, session.Closed);
    }

    [Fact]
    public void A_login_before_the_clients_end_is_relayed_as_any_other()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN alice secret\r\nb LOGOUT\r\n");
        session.ClientEnds();
        session.Backend("a OK in\r\n");
        Assert.True(session.Transparent);
        Assert.Equal("a LOGIN alice secret\r\nb LOGOUT\r\n", session.ToBackend);
    }

    [Fact]
    public void Nothing_is_owed_behind_a_goodbye_of_the_backends()
    {
        var session = ImapMachineTests.Greeted();
        session.Backend("* BYE shutting down\r\n");
        session.ClientEnds();
        Assert.Equal(CloseReason.ClientClosed, session.Closed);
    }

    private static void Fail(MachineHarness session, bool ends)
    {
        if (ends)
        {
            session.BackendEnds();
        }
        else
        {
            session.Signal(Signal.Expired);
        }
    }
}
