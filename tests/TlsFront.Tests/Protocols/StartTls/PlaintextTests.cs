using TlsFront.Connections;

namespace TlsFront.Tests.Protocols.StartTls;

/// <summary>What each protocol answers before STARTTLS: the way there, and otherwise a refusal that says nothing of credentials.</summary>
public class PlaintextTests
{
    private const string Smtp = "530 5.7.0 Must issue a STARTTLS command first\r\n";
    private const string Imap = "a NO [PRIVACYREQUIRED] TLS is required\r\n";
    private const string Pop3 = "-ERR TLS is required\r\n";
    private const string Sieve = "NO (ENCRYPT-NEEDED) \"TLS is required\"\r\n";

    [Theory]
    [InlineData("EHLO laptop", "250-mail.example.com\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-STARTTLS\r\n250 ENHANCEDSTATUSCODES\r\n")]
    [InlineData("HELO laptop", "250 mail.example.com\r\n")]
    [InlineData("EHLO", "501 5.5.4 Syntax: EHLO hostname\r\n")]
    [InlineData("NOOP", "250 2.0.0 Ok\r\n")]
    [InlineData("rset", "250 2.0.0 Ok\r\n")]
    [InlineData("MAIL FROM:<a@x>", Smtp)]
    [InlineData("RCPT TO:<a@x>", Smtp)]
    [InlineData("DATA", Smtp)]
    [InlineData("VRFY a", Smtp)]
    [InlineData("HELP", Smtp)]
    [InlineData("XCLIENT ADDR=192.0.2.1", Smtp)]
    [InlineData("XYZZY", Smtp)]
    [InlineData("AUTH LOGIN", Smtp)]
    [InlineData("", "500 5.5.2 Syntax error\r\n")]
    public void Smtp_shows_the_way_to_TLS_and_nothing_else(string command, string answer) => AssertAnswer(StartTlsSession.Smtp, command, answer);

    [Theory]
    [InlineData("a CAPABILITY", "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED ID\r\na OK done\r\n")]
    [InlineData("a NOOP", "a OK done\r\n")]
    [InlineData("a ID NIL", "* ID NIL\r\na OK done\r\n")]
    [InlineData("a ID (\"name\" \"x\")", "* ID NIL\r\na OK done\r\n")]
    [InlineData("a AUTHENTICATE PLAIN", Imap)]
    [InlineData("a SELECT INBOX", Imap)]
    [InlineData("a COMPRESS DEFLATE", Imap)]
    [InlineData("a XYZZY", Imap)]
    [InlineData("a CAPABILITY now", "a BAD No arguments expected\r\n")]
    [InlineData("a NOOP ", "a BAD No arguments expected\r\n")]
    [InlineData("NOOP", "* BAD Expected a tag and a command\r\n")]
    [InlineData("", "* BAD Expected a tag and a command\r\n")]
    public void Imap_shows_the_way_to_TLS_and_nothing_else(string command, string answer) => AssertAnswer(StartTlsSession.Imap, command, answer);

    [Theory]
    [InlineData("CAPA", "+OK\r\nSTLS\r\nRESP-CODES\r\nPIPELINING\r\n.\r\n")]
    [InlineData("NOOP", "+OK\r\n")]
    [InlineData("USER alice", Pop3)]
    [InlineData("APOP alice c4c9334bac560ecc979e58001b3e22fb", Pop3)]
    [InlineData("AUTH", Pop3)]
    [InlineData("AUTH PLAIN", Pop3)]
    [InlineData("XCLIENT ADDR=192.0.2.1", Pop3)]
    [InlineData("LIST", Pop3)]
    [InlineData("", Pop3)]
    public void Pop3_shows_the_way_to_TLS_and_nothing_else(string command, string answer) => AssertAnswer(StartTlsSession.Pop3, command, answer);

    [Theory]
    [InlineData(
        "CAPABILITY", "\"IMPLEMENTATION\" \"TlsFront\"\r\n\"SIEVE\" \"\"\r\n\"SASL\" \"\"\r\n\"STARTTLS\"\r\n\"VERSION\" \"1.0\"\r\nOK\r\n")]
    [InlineData("NOOP", "OK\r\n")]
    [InlineData("noop \"STARTTLS-RESYNC\"", "OK (TAG \"STARTTLS-RESYNC\") \"Done\"\r\n")]
    [InlineData("AUTHENTICATE \"LOGIN\"", Sieve)]
    [InlineData("LISTSCRIPTS", Sieve)]
    [InlineData("XCLIENT ADDR=192.0.2.1", Sieve)]
    [InlineData("UNAUTHENTICATE", Sieve)]
    [InlineData("", Sieve)]
    public void Sieve_shows_the_way_to_TLS_and_nothing_else(string command, string answer) => AssertAnswer(StartTlsSession.Sieve, command, answer);

    [Theory]
    [InlineData("smtp", "QUIT", "221 2.0.0 Bye\r\n")]
    [InlineData("imap", "a LOGOUT", "* BYE Logging out\r\na OK done\r\n")]
    [InlineData("pop3", "QUIT", "+OK Bye\r\n")]
    [InlineData("sieve", "LOGOUT", "OK \"Logging out\"\r\n")]
    public void A_client_may_leave(string protocol, string command, string answer)
    {
        var harness = Session(protocol).Start();
        harness.TakeToClient();
        harness.Client(command + "\r\n");
        Assert.Equal((answer, CloseReason.Completed), (harness.ToClient, harness.Closed));
    }

    [Theory]
    [InlineData("smtp", "AUTH PLAIN AGFsaWNlAHNlY3JldA==", Smtp)]
    [InlineData("smtp", "auth xoauth2 dXNlcj1hAQ==", Smtp)]
    [InlineData("imap", "a LOGIN alice secret", Imap)]
    [InlineData("imap", "a LOGIN \"alice\" \"secret\"", Imap)]
    [InlineData("imap", "a AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==", Imap)]
    [InlineData("pop3", "PASS secret", Pop3)]
    [InlineData("pop3", "AUTH PLAIN AGFsaWNlAHNlY3JldA==", Pop3)]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\" \"AGFsaWNlAHNlY3JldA==\"", Sieve)]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\" {20+}", Sieve)]
    public void A_password_in_clear_is_noted_and_refused_like_anything_else(string protocol, string command, string answer)
    {
        var harness = Session(protocol).Start();
        harness.TakeToClient();
        harness.Client(command + "\r\n");
        Assert.Equal(answer, harness.ToClient);
        Assert.Equal(["credentials exposed"], harness.Reports);
    }

    /// <summary>So that the password can be changed.</summary>
    [Theory]
    [InlineData("smtp", "AUTH PLAIN AGFsaWNlAHNlY3JldA==", "alice")]
    [InlineData("smtp", "AUTH PLAIN !!!!", null)]
    [InlineData("smtp", "AUTH LOGIN Ym9i\r\nc2VjcmV0", null)]
    [InlineData("imap", "a LOGIN \"alice\" \"secret\"", "alice")]
    [InlineData("imap", "a LOGIN \"John Doe\" secret", null)]
    [InlineData("imap", "a LOGIN \"dom\\\\alice\" secret", null)]
    [InlineData("imap", "a LOGIN {5+}\r\nalice secret", null)]
    [InlineData("imap", "a LOGIN \u00e9 secret", null)]
    [InlineData("pop3", "USER alice\r\nPASS secret", "alice")]
    [InlineData("pop3", "USER alice\r\nNOOP\r\nPASS secret", "alice")]
    [InlineData("pop3", "USER alice\r\nUSER\r\nPASS secret", null)]
    [InlineData("pop3", "PASS secret", null)]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\" \"AGFsaWNlAHNlY3JldA==\"", "alice")]
    public void Whose_password_was_exposed_is_noted_where_it_shows(string protocol, string commands, string? user)
    {
        var harness = Session(protocol).Start();
        harness.Client(commands + "\r\n");
        Assert.Contains("credentials exposed", harness.Reports);
        Assert.Equal(user, harness.ExposedUser);
    }

    [Theory]
    [InlineData("smtp", "AUTH PLAIN")]
    [InlineData("smtp", "AUTH PLAIN =")]
    [InlineData("smtp", "AUTH LOGIN Ym9i")]
    [InlineData("smtp", "AUTH CRAM-MD5 x")]
    [InlineData("imap", "a LOGIN bob {6}")]
    [InlineData("imap", "a LOGIN {3+}\r\nbob {6}")]
    [InlineData("pop3", "PASS  ")]
    [InlineData("imap", "a AUTHENTICATE PLAIN")]
    [InlineData("imap", "a LOGIN alice")]
    [InlineData("sieve", "AUTHENTICATE \"PLAIN\"")]
    [InlineData("pop3", "USER alice")]
    [InlineData("pop3", "APOP alice c4c9334bac560ecc979e58001b3e22fb")]
    public void A_login_that_was_only_begun_exposes_nothing(string protocol, string command)
    {
        var harness = Session(protocol).Start();
        harness.Client(command + "\r\n");
        Assert.Empty(harness.Reports);
    }

    [Theory]
    [InlineData("smtp", "AUTH  PLAIN AGFsaWNlAHNlY3JldA==")]
    [InlineData("smtp", "AUTH\tPLAIN AGFsaWNlAHNlY3JldA==")]
    [InlineData("smtp", "AUTH LOGIN\r\nYm9i\r\nc2VjcmV0")]
    [InlineData("smtp", "AUTH PLAIN\r\nAGFsaWNlAHNlY3JldA==")]
    [InlineData("smtp", "AUTH LOGIN Ym9i\r\nc2VjcmV0")]
    [InlineData("imap", "a AUTHENTICATE LOGIN Ym9i\r\nc2VjcmV0")]
    [InlineData("pop3", "AUTH LOGIN Ym9i\r\nc2VjcmV0")]
    [InlineData("imap", "a LOGIN {3+}\r\nbob {6+}\r\nsecret")]
    [InlineData("imap", "a LOGIN {3+}\r\nbob secret")]
    [InlineData("imap", "a LOGIN bob {6+}\r\nsecret")]
    [InlineData("imap", "a  LOGIN bob secret")]
    [InlineData("imap", "a+ LOGIN bob secret")]
    [InlineData("imap", "a LOGIN\tbob secret")]
    [InlineData("imap", "a AUTHENTICATE PLAIN\r\nAGFsaWNlAHNlY3JldA==")]
    [InlineData("pop3", "PASS\tsecret")]
    [InlineData("pop3", " pass secret")]
    [InlineData("pop3", "AUTH PLAIN\r\nAGFsaWNlAHNlY3JldA==")]
    public void However_it_is_spelt_a_password_is_noted(string protocol, string commands)
    {
        var harness = Session(protocol).Start();
        harness.Client(commands + "\r\n");
        Assert.Contains("credentials exposed", harness.Reports);
        Assert.Null(harness.Closed);
    }

    [Theory]
    [InlineData("smtp", "BDAT 10 LAST\r\nSTARTTLS\r\n", "530 5.7.0 Must issue a STARTTLS command first\r\n")]
    [InlineData("imap", "a CAPABILITY {12+}\r\nb STARTTLS\r\n\r\n", "a BAD No arguments expected\r\n")]
    [InlineData("imap", "a NOOP {12+}\r\nb STARTTLS\r\n\r\n", "a BAD No arguments expected\r\n")]
    public void What_was_announced_as_content_is_no_command(string protocol, string said, string answer)
    {
        var harness = Session(protocol).Start();
        harness.TakeToClient();
        harness.Client(said);
        Assert.Equal((answer, 0, null), (harness.ToClient, harness.Handshakes, harness.Closed));
    }

    [Theory]
    [InlineData("BDAT 99999 LAST\r\n")]
    [InlineData("BDAT x\r\n")]
    public void A_chunk_that_is_not_dropped_ends_the_session(string command)
    {
        var harness = StartTlsSession.Smtp.Start();
        harness.Client(command);
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
    }

    [Fact]
    public void A_literal_that_waits_for_no_go_ahead_is_dropped_and_the_rest_of_its_command_too()
    {
        var harness = StartTlsSession.Imap.Start();
        harness.TakeToClient();
        harness.Client("a LOGIN {8+}\r\nb NOOP\r\n {12+}\r\nc STARTTLS\r\n\r\nd NOOP\r\n");
        Assert.Equal(Imap + "d OK done\r\n", harness.ToClient);
        Assert.Equal(0, harness.Handshakes);
    }

    [Fact]
    public void A_script_sent_too_early_is_dropped()
    {
        var harness = StartTlsSession.Sieve.Start();
        harness.TakeToClient();
        harness.Client("PUTSCRIPT \"a\" {10+}\r\nSTARTTLS\r\n\r\nNOOP\r\n");
        Assert.Equal(Sieve + "OK\r\n", harness.ToClient);
        Assert.Equal(0, harness.Handshakes);
    }

    [Fact]
    public void A_literal_that_waits_gets_no_go_ahead()
    {
        var harness = StartTlsSession.Imap.Start();
        harness.TakeToClient();
        harness.Client("a LOGIN {5}\r\n");
        harness.Client("b NOOP\r\n");
        Assert.Equal(Imap + "b OK done\r\n", harness.ToClient);
    }

    [Fact]
    public void A_literal_without_bound_ends_the_session()
    {
        var harness = StartTlsSession.Imap.Start();
        harness.Client("a LOGIN {99999999+}\r\nx");
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
    }

    private static void AssertAnswer(StartTlsSession session, string command, string answer)
    {
        var harness = session.Start();
        harness.TakeToClient();
        harness.Client(command + "\r\n");
        Assert.Equal(answer, harness.ToClient);
        Assert.Equal((0, 0, null, ""), (harness.Handshakes, harness.Connects, harness.Closed, harness.ToBackend));
    }

    private static StartTlsSession Session(string protocol) => StartTlsSession.All.Single(row => row.Protocol == protocol);
}
