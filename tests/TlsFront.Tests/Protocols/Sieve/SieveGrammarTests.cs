using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.Sieve;

/// <summary>What of a client's is a command to every server, and what becomes of the rest.</summary>
public class SieveGrammarTests
{
    private const string WrongArguments = "NO \"Wrong arguments or extra spaces\"\r\n";
    private const string NoMechanism = "NO \"AUTHENTICATE takes a mechanism in quotes\"\r\n";
    private const string NoResponse = "NO \"An initial response is one string of base64\"\r\n";
    private const string BeforeLogin = "NO \"Not available before login\"\r\n";

    [Theory]
    [InlineData("CAPABILITY\r\n", "CAPABILITY\r\n")]
    [InlineData("capability\n", "capability\r\n")]
    [InlineData("NOOP\r\n", "NOOP\r\n")]
    [InlineData("NOOP \"a tag\"\r\n", "NOOP \"a tag\"\r\n")]
    [InlineData("NOOP {5+}\r\na tag\r\n", "NOOP \"a tag\"\r\n")]
    [InlineData("NOOP \"{5+}\"\r\n", "NOOP \"{5+}\"\r\n")]
    [InlineData("LOGOUT\r\n", "LOGOUT\r\n")]
    [InlineData("AUTHENTICATE \"PLAIN\"\r\n", "AUTHENTICATE \"PLAIN\"\r\n")]
    [InlineData("Authenticate \"plain\" \"AGEAYg==\"\r\n", "Authenticate \"plain\" \"AGEAYg==\"\r\n")]
    [InlineData("AUTHENTICATE \"PLAIN\" {08+}\r\nAGEAYg==\r\n", "AUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n")]
    [InlineData("AUTHENTICATE \"EXTERNAL\" \"\"\r\n", "AUTHENTICATE \"EXTERNAL\" \"\"\r\n")]
    [InlineData("AUTHENTICATE \"EXTERNAL\" {0+}\r\n\r\n", "AUTHENTICATE \"EXTERNAL\" \"\"\r\n")]
    public void What_every_server_reads_alike_is_forwarded_in_one_form(string command, string forwarded) =>
        Assert.Equal(forwarded, SieveSession.Greeted().Forwarded(command));

    [Theory]
    [InlineData("NOOP ", WrongArguments)]
    [InlineData("NOOP x", WrongArguments)]
    [InlineData("NOOP  \"x\"", WrongArguments)]
    [InlineData("NOOP \"x\" ", WrongArguments)]
    [InlineData("NOOP \"a\\\"b\"", WrongArguments)]
    [InlineData("NOOP \"x", WrongArguments)]
    [InlineData("NOOP {3}", WrongArguments)]
    [InlineData("NOOP {2+}\r\na\n", WrongArguments)]
    [InlineData("NOOP {1+}\r\n\"", WrongArguments)]
    [InlineData("NOOP ~{1+}\r\na", WrongArguments)]
    [InlineData("CAPABILITY \"x\"", WrongArguments)]
    [InlineData("CAPABILITY {10+}\r\nSTARTTLS\r\n", WrongArguments)]
    [InlineData("LOGOUT ", WrongArguments)]
    [InlineData("AUTHENTICATE", NoMechanism)]
    [InlineData("AUTHENTICATE ", NoMechanism)]
    [InlineData("AUTHENTICATE PLAIN", NoMechanism)]
    [InlineData("AUTHENTICATE  \"PLAIN\"", NoMechanism)]
    [InlineData("AUTHENTICATE {5+}\r\nPLAIN", NoMechanism)]
    [InlineData("AUTHENTICATE \"PL AIN\"", NoMechanism)]
    [InlineData("AUTHENTICATE \"\"", NoMechanism)]
    [InlineData("AUTHENTICATE \"ABCDEFGHIJKLMNOPQRSTU\"", NoMechanism)]
    [InlineData("AUTHENTICATE \"PLAIN\" ", NoResponse)]
    [InlineData("AUTHENTICATE \"PLAIN\"\t\"AGEAYg==\"", NoResponse)]
    [InlineData("AUTHENTICATE \"PLAIN\"\"AGEAYg==\"", NoResponse)]
    [InlineData("AUTHENTICATE \"PLAIN\"  \"AGEAYg==\"", NoResponse)]
    [InlineData("AUTHENTICATE \"PLAIN\" \"AGEAYg==\" ", NoResponse)]
    [InlineData("AUTHENTICATE \"PLAIN\" \"=\"", NoResponse)]
    [InlineData("AUTHENTICATE \"PLAIN\" \"*\"", NoResponse)]
    [InlineData("AUTHENTICATE \"PLAIN\" \"a-b\"", NoResponse)]
    [InlineData("AUTHENTICATE \"PLAIN\" AGEAYg==", NoResponse)]
    [InlineData("AUTHENTICATE \"PLAIN\" {10+}\r\nSTARTTLS\r\n", NoResponse)]
    [InlineData("AUTHENTICATE \"PLAIN\" {4+}\r\nAGEA {3+}\r\nx\r\n", NoResponse)]
    [InlineData("AUTHENTICATE \"SCRAM-SHA-256-PLUS\"", "NO \"Mechanism not available\"\r\n")]
    [InlineData("STARTTLS", "NO \"Not possible now\"\r\n")]
    [InlineData("XCLIENT ADDR=192.0.2.1", BeforeLogin)]
    [InlineData("UNAUTHENTICATE", BeforeLogin)]
    [InlineData("LISTSCRIPTS", BeforeLogin)]
    [InlineData("PUTSCRIPT \"a\" {22+}\r\nNOOP\r\nXCLIENT ADDR=1\r\n", BeforeLogin)]
    [InlineData("{6+}\r\nNOOP\r\n", BeforeLogin)]
    [InlineData("NOOP\t", BeforeLogin)]
    [InlineData("", BeforeLogin)]
    public void Anything_else_is_refused_here_with_its_literals(string command, string answer)
    {
        var session = SieveSession.Greeted();
        session.Client(command + "\r\nNOOP \"next\"\r\n");
        Assert.Equal((answer, "NOOP \"next\"\r\n"), (session.ToClient, session.ToBackend));
    }

    [Theory]
    [InlineData("NO\rOP\r\n")]
    [InlineData("NOOP\0\r\n")]
    [InlineData("NOOP {3+}\r\nabc\0\r\n")]
    public void A_line_that_is_none_is_refused(string line)
    {
        var session = SieveSession.Greeted();
        session.Client(line);
        Assert.Equal(("NO \"Lines end in CRLF and contain no NUL\"\r\n", "", null), (session.ToClient, session.ToBackend, session.Closed));
    }

    [Theory]
    [InlineData("NO\rOP {3+}\r\n", CloseReason.BareNewline)]
    [InlineData("PUTSCRIPT \"a\" {16384+}\r\n", CloseReason.LineTooLong)]
    [InlineData("PUTSCRIPT \"a\" {99999999999+}\r\n", CloseReason.LineTooLong)]
    [InlineData("GET / HTTP/1.1\r\n", CloseReason.ProtocolError)]
    [InlineData("\u0016\u0003\u0001", CloseReason.ProtocolError)]
    public void Where_nobody_can_go_on_the_session_ends(string text, object reason)
    {
        var session = SieveSession.Greeted();
        session.Client(text);
        Assert.Equal((reason, ""), (session.Closed, session.ToBackend));
    }

    [Fact]
    public void Bare_line_feeds_are_refused_where_the_operator_says_so()
    {
        var session = SieveSession.Started(bareNewlines: BareNewlines.Reject);
        session.Backend("OK\r\n");
        session.Client("NOOP\n");
        Assert.Equal("", session.ToBackend);
    }

    [Fact]
    public void Ten_refusals_end_the_session()
    {
        var session = SieveSession.Greeted();
        session.Client(string.Concat(Enumerable.Repeat("LISTSCRIPTS\r\n", 10)));
        Assert.Equal(CloseReason.ProtocolError, session.Closed);
        Assert.EndsWith("BYE \"Too many errors\"\r\n", session.ToClient);
    }

    [Fact]
    public void What_the_client_pipelines_waits_for_the_answer()
    {
        var session = SieveSession.Greeted();
        Assert.Equal("CAPABILITY\r\n", session.Forwarded("CAPABILITY\r\nNOOP\r\n"));
        session.Backend(SieveSession.Capabilities);
        Assert.Equal("", session.ToBackend);
        session.Backend("OK\r\n");
        Assert.Equal("NOOP\r\n", session.ToBackend);
    }
}
