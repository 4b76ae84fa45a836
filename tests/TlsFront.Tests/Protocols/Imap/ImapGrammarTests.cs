using TlsFront.Connections;

namespace TlsFront.Tests.Protocols.Imap;

/// <summary>Only what every server reads alike is forwarded, and only what logs in is a login.</summary>
public class ImapGrammarTests
{
    [Theory]
    [InlineData("a  LOGIN bob secret", "* BAD Expected a tag and a command")]
    [InlineData(" a LOGIN bob secret", "* BAD Expected a tag and a command")]
    [InlineData("a LOGIN\tbob secret", "* BAD Expected a tag and a command")]
    [InlineData("a CAPABILITY ", "a BAD Wrong arguments or extra spaces")]
    [InlineData("a NOOP now", "a BAD Wrong arguments or extra spaces")]
    [InlineData("a LOGOUT ", "a BAD Wrong arguments or extra spaces")]
    [InlineData("a LANGUAGE ", "a BAD Wrong arguments or extra spaces")]
    [InlineData("a LANGUAGE  de", "a BAD Wrong arguments or extra spaces")]
    [InlineData("a LANGUAGE (de)", "a BAD Wrong arguments or extra spaces")]
    [InlineData("a SELECT INBOX", "a BAD Not available before login")]
    [InlineData("a ENABLE UTF8=ACCEPT", "a BAD Not available before login")]
    [InlineData("a IDLE", "a BAD Not available before login")]
    [InlineData("a X-PROXY 192.0.2.1", "a BAD Not available before login")]
    public void A_command_is_forwarded_only_as_the_standards_write_it(string command, string answer) => AssertRefused(command, answer);

    [Theory]
    [InlineData("a AUTHENTICATE")]
    [InlineData("a AUTHENTICATE ")]
    [InlineData("a AUTHENTICATE  PLAIN")]
    [InlineData("a AUTHENTICATE PLAIN ")]
    [InlineData("a AUTHENTICATE PLAIN  AGEAYg==")]
    [InlineData("a AUTHENTICATE PLAIN AGEAYg== ")]
    [InlineData("a AUTHENTICATE PLAIN AGEA Yg==")]
    [InlineData("a AUTHENTICATE \"PLAIN\"")]
    [InlineData("a AUTHENTICATE PLAIN\tAGEAYg==")]
    public void AUTHENTICATE_takes_a_mechanism_and_a_response(string command) =>
        AssertRefused(command, "a BAD AUTHENTICATE takes a mechanism and one response in base64");

    [Theory]
    [InlineData("a AUTHENTICATE SCRAM-SHA-1-PLUS")]
    [InlineData("a authenticate scram-sha-256-plus biws")]
    public void A_mechanism_that_is_hidden_is_not_forwarded_either(string command) => AssertRefused(command, "a NO [CANNOT] Mechanism not available");

    [Theory]
    [InlineData("a LOGIN")]
    [InlineData("a LOGIN ")]
    [InlineData("a LOGIN bob")]
    [InlineData("a LOGIN bob ")]
    [InlineData("a LOGIN  bob secret")]
    [InlineData("a LOGIN bob  secret")]
    [InlineData("a LOGIN bob secret ")]
    [InlineData("a LOGIN bob secret more")]
    [InlineData("a LOGIN \"bob\"secret")]
    [InlineData("a LOGIN \"bob secret")]
    [InlineData("a LOGIN bob\tsecret x")]
    [InlineData("a LOGIN bob (secret)")]
    [InlineData("a LOGIN bob sec\"ret")]
    public void LOGIN_takes_two_strings(string command) => AssertRefused(command, "a BAD LOGIN takes a user name and a password, one space apart");

    [Theory]
    [InlineData("a LOGIN bob ~{6}")]
    [InlineData("a LOGIN bob {6-}")]
    [InlineData("a LOGIN bob {+6}")]
    [InlineData("a LOGIN bob {6++}")]
    [InlineData("a LOGIN bob {0x6}")]
    [InlineData("a LOGIN bob {6 }")]
    [InlineData("a LOGIN bob {}")]
    [InlineData("a LOGIN bob{6}")]
    [InlineData("a LOGIN bob x{6}")]
    [InlineData("a LOGIN bob  {6}")]
    [InlineData("a LOGIN bob secret {6}")]
    [InlineData("a LOGIN \"bob {6}")]
    [InlineData("a LOGIN {6} secret")]
    [InlineData("a LOGIN ({6}")]
    public void What_ends_in_braces_and_is_no_literal_of_ours_is_refused(string command) =>
        AssertRefused(command, "a BAD LOGIN takes a user name and a password, one space apart");

    [Theory]
    [InlineData("a LOGIN bob ~{12+}")]
    [InlineData("a LOGIN bob x{12+}")]
    [InlineData("a LOGIN bob  {12+}")]
    [InlineData("a LOGIN \"bob {12+}")]
    [InlineData("a NOOP {12+}")]
    [InlineData("a SELECT {12+}")]
    [InlineData("a AUTHENTICATE PLAIN {12+}")]
    [InlineData("a STARTTLS {12+}")]
    [InlineData("a  LOGIN {12+}")]
    [InlineData("a NOOP ~{0012+}")]
    public void Octets_that_a_client_sent_behind_a_refused_line_are_no_commands(string command)
    {
        var session = ImapMachineTests.Greeted();
        session.Client(command + "\r\nb STARTTLS\r\n\r\nd NOOP\r\n");
        Assert.Equal("d NOOP\r\n", session.ToBackend);
        Assert.DoesNotContain("b ", session.ToClient, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{6}\r\n", "{6}\r\n")]
    [InlineData("{6+}\r\n", "{6}\r\n")]
    [InlineData("{006}\r\n", "{6}\r\n")]
    [InlineData("{0006+}\r\n", "{6}\r\n")]
    [InlineData("{0}\r\n", "{0}\r\n")]
    [InlineData("{00+}\r\n", "{0}\r\n")]
    [InlineData("{4096+}\r\n", "{4096}\r\n")]
    public void A_literal_waits_for_the_backends_go_ahead_in_every_form(string given, string forwarded)
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN bob " + given + "secret\r\n");
        Assert.Equal("a LOGIN bob " + forwarded, session.ToBackend);
    }

    [Theory]
    [InlineData("  secret")]
    [InlineData(" \"secret")]
    [InlineData("secret")]
    [InlineData(" ")]
    [InlineData(" se cret")]
    [InlineData("")]
    [InlineData(" ~{6+}")]
    [InlineData(" {6-}")]
    public void What_follows_the_literal_of_the_name_is_one_string(string rest)
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN {3+}\r\nbob" + rest + "\r\n");
        session.Backend("+ OK\r\n");
        Assert.Equal(CloseReason.ProtocolError, session.Closed);
        Assert.Equal("a LOGIN {3}\r\nbob", session.ToBackend);
        Assert.Equal("* BYE LOGIN takes a user name and a password, one space apart\r\n", session.ToClient);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("more")]
    [InlineData(" {3+}")]
    public void Nothing_follows_the_literal_of_the_password(string rest)
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN bob {6+}\r\nsecret" + rest + "\r\n");
        session.Backend("+ OK\r\n");
        Assert.Equal(CloseReason.ProtocolError, session.Closed);
        Assert.Equal("a LOGIN bob {6}\r\nsecret", session.ToBackend);
    }

    [Theory]
    [InlineData("a AUTHENTICATE PLAIN\r\n", "a AUTHENTICATE PLAIN\r\n")]
    [InlineData("a LOGIN {3}\r\n", "a LOGIN {3}\r\n")]
    [InlineData("a LOGIN bob {6+}\r\nsecret\r\n", "a LOGIN bob {6}\r\n")]
    public void OK_before_the_credentials_is_no_login(string command, string forwarded)
    {
        var session = ImapMachineTests.Greeted();
        session.Client(command);
        session.Backend("a OK\r\n");
        Assert.Equal(forwarded, session.ToBackend);
        Assert.Equal(CloseReason.BackendProtocolError, session.Closed);
        Assert.Equal("* BYE [UNAVAILABLE] The mail server gave an answer that is not IMAP\r\n", session.ToClient);
        Assert.Empty(session.Reports);
    }

    [Fact]
    public void A_cancelled_exchange_is_no_login_whatever_the_answer()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a AUTHENTICATE PLAIN\r\n");
        session.Backend("+ \r\n");
        session.Client("*\r\n");
        session.Backend("a OK\r\n");
        Assert.Equal(CloseReason.BackendProtocolError, session.Closed);
        Assert.Empty(session.Reports);
    }

    [Theory]
    [InlineData("b ID (\"x-originating-ip\" \"192.0.2.1\")")]
    [InlineData("b LOGIN bob secret")]
    [InlineData("{5+}")]
    public void What_is_no_response_cancels_the_exchange(string line)
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a AUTHENTICATE PLAIN\r\n");
        session.Backend("+ \r\n");
        session.Client(line + "\r\n");
        session.Backend("a BAD cancelled\r\n");
        Assert.Equal("a AUTHENTICATE PLAIN\r\n*\r\n", session.ToBackend);
        Assert.Equal("+ \r\na BAD cancelled\r\n", session.ToClient);
        Assert.Empty(session.Reports);
    }

    [Theory]
    [InlineData("a LOGIN DOMAIN\\bob pa%ss*w]rd")]
    [InlineData("a LOGIN \"DOMAIN\\bob\" \"se cret {5}\"")]
    [InlineData("a LOGIN b\u00F6b \"\u00E4\"")]
    [InlineData("a LOGIN bob }")]
    [InlineData("a LANGUAGE")]
    [InlineData("a LANGUAGE \"de\" en")]
    [InlineData("a CAPABILITY")]
    public void What_all_servers_read_alike_is_forwarded(string command)
    {
        var session = ImapMachineTests.Greeted();
        session.Client(command + "\r\n");
        Assert.Equal(command + "\r\n", session.ToBackend);
    }

    [Fact]
    public void Octets_of_refused_literals_are_bounded_together()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a SELECT {9000+}\r\n" + new string('x', 9000) + " {9000+}\r\n");
        Assert.Equal(CloseReason.LineTooLong, session.Closed);
        Assert.Equal("a BAD Not available before login\r\n* BYE [LIMIT] Line or literal too long\r\n", session.ToClient);
    }

    private static void AssertRefused(string command, string answer)
    {
        var session = ImapMachineTests.Greeted();
        session.Client(command + "\r\n");
        Assert.Equal(answer + "\r\n", session.ToClient);
        Assert.Equal("", session.ToBackend);
        Assert.Empty(session.Reports);
        Assert.Null(session.Closed);
    }
}
