using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

/// <summary>Nobody gets replies without end for commands that lead nowhere.</summary>
public class SmtpFloodTests
{
    private const string End = "421 4.7.0 mail.example.com Error: too many errors\r\n";
    private const string Refusal = "530 5.7.0 Authentication required\r\n";

    [Theory]
    [InlineData("\r\n", "500 5.5.2 Syntax error\r\n")]
    [InlineData("X@Y\r\n", "500 5.5.2 Syntax error\r\n")]
    [InlineData("XCLIENT ADDR=192.0.2.1\r\n", "502 5.5.1 Command not implemented\r\n")]
    [InlineData("STARTTLS\r\n", "503 5.5.1 Not possible now\r\n")]
    [InlineData("AUTH  PLAIN\r\n", "501 5.5.4 Syntax error in AUTH\r\n")]
    [InlineData("AUTH GSSAPI\r\n", "504 5.5.4 Unrecognized authentication type\r\n")]
    [InlineData("MAIL FROM:<a@x>\r\n", Refusal)]
    [InlineData("VRFY bob\r\n", Refusal)]
    [InlineData("EXPN list\r\n", Refusal)]
    [InlineData("BDAT 3\r\nabc", Refusal)]
    [InlineData("XYZZY\r\n", Refusal)]
    public void The_21st_refusal_in_a_row_is_the_end(string command, string refusal)
    {
        var harness = SmtpSession.Greeted();
        harness.Client(string.Concat(Enumerable.Repeat(command, 1000)));
        Assert.Equal(string.Concat(Enumerable.Repeat(refusal, 20)) + End, harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
    }

    [Theory]
    [InlineData("\r\n", "500 5.5.2 Syntax error\r\n")]
    [InlineData("AUTH PLAIN AGEAYg==\r\n", "503 5.5.1 Already authenticated\r\n")]
    [InlineData("BDAT 3\r\nabc", "503 5.5.1 Send MAIL first\r\n")]
    public void Refusals_are_counted_after_a_login_too(string command, string refusal)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(string.Concat(Enumerable.Repeat(command, 1000)));
        Assert.Equal(string.Concat(Enumerable.Repeat(refusal, 20)) + End, harness.ToClient);
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
    }

    [Theory]
    [InlineData("NOOP\r\n", "250 Ok\r\n")]
    [InlineData("RSET\r\n", "250 Ok\r\n")]
    [InlineData("HELP\r\n", "214 Ok\r\n")]
    [InlineData("HELO x\r\n", "250 Ok\r\n")]
    [InlineData("AUTH PLAIN AGEAYg==\r\n", "535 no\r\n")]
    public void Before_a_login_that_is_required_nothing_else_is_answered_more_than_20_times(string command, string reply)
    {
        var harness = SmtpSession.Greeted();
        harness.Client(string.Concat(Enumerable.Repeat(command, 1000)));
        for (var i = 0; i < 20; i++)
        {
            harness.Backend(reply);
        }

        Assert.Equal(string.Concat(Enumerable.Repeat(reply, 20)) + End, harness.ToClient);
        Assert.Equal(string.Concat(Enumerable.Repeat(command, 20)), harness.ToBackend);
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
    }

    [Fact]
    public void The_end_waits_behind_the_replies_that_are_due()
    {
        var harness = SmtpSession.Extended();
        harness.Client("RSET\r\n" + string.Concat(Enumerable.Repeat("MAIL FROM:<a@x>\r\n", 500)));
        Assert.Equal("", harness.ToClient);
        Assert.True(harness.ClientCarry > 0, "The machine must not queue 500 replies.");
        harness.Backend("250 Ok\r\n");
        Assert.Equal("250 Ok\r\n" + string.Concat(Enumerable.Repeat(Refusal, 18)) + End, harness.ToClient);
    }

    [Fact]
    public void A_client_that_is_refused_may_still_say_QUIT()
    {
        var harness = SmtpSession.Greeted();
        harness.Client(string.Concat(Enumerable.Repeat("MAIL FROM:<a@x>\r\n", 20)) + "QUIT\r\n");
        harness.Backend("221 Bye\r\n");
        Assert.Equal(CloseReason.Completed, harness.Closed);
    }

    [Theory]
    [InlineData("NOOP\r\n", "250 Ok\r\n")]
    [InlineData("RSET\r\n", "250 Ok\r\n")]
    [InlineData("VRFY bob\r\n", "550 no\r\n")]
    [InlineData("RCPT TO:<b@x>\r\n", "550 no\r\n")]
    [InlineData("MAIL FROM:<a@x>\r\n", "550 no\r\n")]
    public void After_the_login_the_backend_bounds_what_it_answers(string command, string reply)
    {
        var harness = SmtpSession.LoggedIn();
        for (var i = 0; i < 100; i++)
        {
            harness.Client(command);
            harness.Backend(reply);
        }

        Assert.Equal(string.Concat(Enumerable.Repeat(reply, 100)), harness.ToClient);
        Assert.Null(harness.Closed);
    }

    [Fact]
    public void Nobody_who_hands_in_mail_is_held_to_old_mistakes()
    {
        var harness = SmtpSession.LoggedIn();
        for (var i = 0; i < 50; i++)
        {
            harness.Client("\r\nXYZZY\r\n");
            harness.Backend("502 what\r\n");
            harness.Client("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n");
            harness.Backend("250 Ok\r\n250 Ok\r\n354 Go\r\n");
            harness.Client("x\r\n.\r\n");
            harness.Backend("250 queued\r\n");
        }

        Assert.Null(harness.Closed);
    }

    [Fact]
    public void A_message_of_many_chunks_that_was_refused_ends_no_session()
    {
        var harness = SmtpSession.InTransaction();
        harness.Client(string.Concat(Enumerable.Repeat($"BDAT 1024\r\n{new string('x', 1024)}", 100)) + "RSET\r\n");
        harness.Backend("452 full\r\n");
        harness.Backend("250 Ok\r\n");
        Assert.Null(harness.Closed);
        Assert.EndsWith("250 Ok\r\n", harness.ToClient);
    }

    [Theory]
    [InlineData("BDAT 0\r\n", "BDAT 0\r\n")]
    [InlineData("", "BDAT 1\r\nx")]
    [InlineData("BDAT 0 LAST\r\n", "BDAT 3\r\nabc")]
    [InlineData("BDAT 0 LAST\r\n", "BDAT 0 LAST\r\n")]
    public void Chunks_that_no_message_can_have_are_counted(string first, string rest)
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("BDAT 3\r\nabc" + first + string.Concat(Enumerable.Repeat(rest, 1000)));
        harness.Backend("452 full\r\n");
        Assert.EndsWith("503 5.5.1 Send RSET first\r\n" + End, harness.ToClient);
        Assert.InRange(harness.ToClient.Split("503").Length - 1, 20, 21);
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
    }

    [Fact]
    public void Where_no_login_is_required_only_refusals_and_unknown_commands_count()
    {
        var harness = SmtpSession.Extended(new SessionRules(Authentication.Optional));
        for (var i = 0; i < 100; i++)
        {
            harness.Client("NOOP\r\n");
            harness.Backend("250 Ok\r\n");
        }

        Assert.Null(harness.Closed);
        for (var i = 0; i < 20; i++)
        {
            harness.Client("XYZZY\r\n");
            harness.Backend("502 what\r\n");
        }

        harness.Client("NOOP\r\n");
        Assert.EndsWith(End, harness.ToClient);
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
    }
}
