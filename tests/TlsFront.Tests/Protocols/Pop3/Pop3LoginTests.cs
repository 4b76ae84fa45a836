using TlsFront.Connections;

namespace TlsFront.Tests.Protocols.Pop3;

/// <summary>What is a login, and what only looks like one.</summary>
public class Pop3LoginTests
{
    private const string WrongArguments = "-ERR Wrong arguments or extra spaces\r\n";

    [Theory]
    [InlineData("AUTH ")]
    [InlineData("AUTH  ")]
    [InlineData("AUTH  PLAIN")]
    [InlineData("AUTH PLAIN ")]
    [InlineData("AUTH PLAIN  AGEAYg==")]
    [InlineData("AUTH PLAIN AGEAYg== ")]
    [InlineData("AUTH PLAIN AGEA Yg==")]
    [InlineData("AUTH PLAIN a-b")]
    [InlineData("AUTH PLAIN\tAGEAYg==")]
    [InlineData("AUTH ABCDEFGHIJKLMNOPQRSTU")]
    [InlineData("CAPA ")]
    [InlineData("CAPA x")]
    [InlineData("LANG ")]
    [InlineData("LANG  en")]
    [InlineData("LANG en de")]
    [InlineData("USER")]
    [InlineData("USER ")]
    [InlineData("USER  alice")]
    [InlineData("USER alice ")]
    [InlineData("USER alice  smith")]
    [InlineData("USER alice\tsmith")]
    [InlineData("PASS")]
    [InlineData("PASS ")]
    [InlineData("APOP alice")]
    [InlineData("APOP  alice c4c9334bac560ecc979e58001b3e22fb")]
    [InlineData("APOP alice  c4c9334bac560ecc979e58001b3e22fb")]
    [InlineData("APOP alice smith c4c9334bac560ecc979e58001b3e22fb")]
    [InlineData("APOP alice c4c9334bac560ecc979e58001b3e22fb ")]
    [InlineData("NOOP ")]
    [InlineData("UTF8 x")]
    [InlineData("QUIT ")]
    public void What_servers_read_differently_is_refused_here(string command) => AssertRefused(command, WrongArguments);

    [Theory]
    [InlineData("AUTH\tPLAIN")]
    [InlineData("AUTH\t")]
    [InlineData("AUTH,PLAIN")]
    [InlineData("STAT")]
    [InlineData("LIST 1")]
    [InlineData("HELP")]
    [InlineData("RPOP alice")]
    [InlineData("XTND XMIT")]
    public void A_command_whose_answer_has_no_known_shape_is_refused_here(string command) => AssertRefused(command, "-ERR Unknown command\r\n");

    [Theory]
    [InlineData("AUTH SCRAM-SHA-256-PLUS")]
    [InlineData("auth scram-sha-1-plus biws")]
    public void A_mechanism_that_is_hidden_is_not_forwarded_either(string command) => AssertRefused(command, "-ERR Mechanism not available\r\n");

    [Theory]
    [InlineData("PASS  two spaces ")]
    [InlineData("USER alice smith")]
    [InlineData("AUTH PLAIN =")]
    [InlineData("LANG de-DE")]
    [InlineData("UTF8")]
    [InlineData("LANG")]
    [InlineData("AUTH")]
    public void What_all_servers_read_alike_is_forwarded(string command)
    {
        var session = Pop3MachineTests.Greeted();
        session.Client(command + "\r\n");
        Assert.Equal(command + "\r\n", session.ToBackend);
    }

    [Theory]
    [InlineData("+OK\r\nPLAIN\r\n.\r\n")]
    [InlineData("+OK in\r\n")]
    public void A_list_is_not_taken_for_a_login(string reply)
    {
        var session = Pop3MachineTests.Greeted();
        session.Client("AUTH PLAIN\r\nXCLIENT ADDR=192.0.2.1\r\n");
        session.Backend(reply);
        Assert.Equal(CloseReason.BackendProtocolError, session.Closed);
        Assert.Equal("-ERR [SYS/TEMP] The mail server gave an answer that is not POP3\r\n", session.ToClient);
        Assert.Equal("AUTH PLAIN\r\n", session.ToBackend);
        Assert.Empty(session.Reports);
    }

    [Fact]
    public void A_cancelled_exchange_is_no_login_whatever_the_answer()
    {
        var session = Pop3MachineTests.Greeted();
        session.Client("AUTH PLAIN\r\n");
        session.Backend("+ \r\n");
        session.Client("*\r\n");
        session.Backend("+OK cancelled\r\n");
        Assert.Equal(CloseReason.BackendProtocolError, session.Closed);
        Assert.Empty(session.Reports);
    }

    [Theory]
    [InlineData("XCLIENT ADDR=192.0.2.1")]
    [InlineData("PASS secret")]
    [InlineData("AGEA Yg==")]
    public void What_is_no_response_cancels_the_exchange(string line)
    {
        var session = Pop3MachineTests.Greeted();
        session.Client("AUTH PLAIN\r\n");
        session.Backend("+ \r\n");
        session.Client(line + "\r\n");
        session.Backend("-ERR cancelled\r\n");
        Assert.Equal("AUTH PLAIN\r\n*\r\n", session.ToBackend);
        Assert.Equal("+ \r\n-ERR cancelled\r\n", session.ToClient);
        Assert.Empty(session.Reports);
        Assert.Null(session.Closed);
    }

    [Fact]
    public void A_bare_AUTH_is_the_list_and_what_follows_is_still_read()
    {
        var session = Pop3MachineTests.Greeted();
        session.Client("AUTH\r\nXCLIENT ADDR=192.0.2.1\r\nSTLS\r\n");
        session.Backend("+OK\r\nPLAIN\r\nLOGIN\r\n.\r\n");
        Assert.Equal("+OK\r\nPLAIN\r\nLOGIN\r\n.\r\n-ERR Unknown command\r\n-ERR Not possible now\r\n", session.ToClient);
        Assert.Equal("AUTH\r\n", session.ToBackend);
        Assert.Empty(session.Reports);
    }

    private static void AssertRefused(string command, string answer)
    {
        var session = Pop3MachineTests.Greeted();
        session.Client(command + "\r\nXCLIENT ADDR=192.0.2.1\r\n");
        Assert.Equal(answer + "-ERR Unknown command\r\n", session.ToClient);
        Assert.Equal("", session.ToBackend);
        Assert.Empty(session.Reports);
    }
}
