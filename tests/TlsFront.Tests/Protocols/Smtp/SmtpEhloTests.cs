using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

public class SmtpEhloTests
{
    [Theory]
    [InlineData("PIPELINING|STARTTLS|AUTH PLAIN SCRAM-SHA-256-PLUS|XCLIENT NAME ADDR|CHUNKING", "PIPELINING|AUTH PLAIN|CHUNKING")]
    [InlineData("PIPELINING|STARTTLS", "PIPELINING")]
    [InlineData("starttls", "")]
    [InlineData("XCLIENT|XFORWARD NAME|BURL imap|ETRN|ATRN|TURN", "")]
    [InlineData("AUTH GSSAPI DIGEST-MD5|SIZE 10240000", "SIZE 10238976")]
    [InlineData("AUTH=PLAIN GSSAPI LOGIN|AUTH PLAIN GSSAPI LOGIN", "AUTH=PLAIN LOGIN|AUTH PLAIN LOGIN")]
    [InlineData("AUTH=GSSAPI PLAIN|AUTH  KERBEROS_V4   LOGIN ", "AUTH=PLAIN|AUTH LOGIN")]
    [InlineData("AUTH", "")]
    [InlineData("SIZE|SIZE 0|size 2048", "SIZE|SIZE 0|size 1024")]
    [InlineData("SIZE 100", "SIZE 1")]
    [InlineData("SIZE many|XSIZE 5000|AUTHENTICITY x", "SIZE many|XSIZE 5000|AUTHENTICITY x")]
    [InlineData("STARTTLS\tx|XCLIENT\tADDR", "")]
    [InlineData("PRDR|CHUNKING", "CHUNKING")]
    [InlineData("8BITMIME|DSN|SMTPUTF8|ENHANCEDSTATUSCODES|BINARYMIME|VRFY|HELP", "8BITMIME|DSN|SMTPUTF8|ENHANCEDSTATUSCODES|BINARYMIME|VRFY|HELP")]
    public void The_client_is_offered_what_works_through_the_gateway(string offered, string relayed)
    {
        var harness = SmtpSession.Greeted();
        harness.Client("EHLO x\r\n");
        harness.Backend(Reply(offered));
        Assert.Equal(Reply(relayed), harness.ToClient);
    }

    [Theory]
    [InlineData("PIPELINING|AUTH PLAIN", true)]
    [InlineData("AUTH=LOGIN", true)]
    [InlineData("AUTH GSSAPI PLAIN|STARTTLS", true)]
    [InlineData("PIPELINING|STARTTLS", false)]
    [InlineData("AUTH", false)]
    [InlineData("AUTH GSSAPI SCRAM-SHA-256-PLUS", false)]
    [InlineData("AUTHENTICITY PLAIN", false)]
    [InlineData("", false)]
    public void Where_a_login_is_required_it_is_told_whether_one_is_offered(string offered, bool isOffered)
    {
        var harness = SmtpSession.Greeted();
        harness.Client("EHLO x\r\n");
        harness.Backend(Reply(offered));
        Assert.Equal([isOffered], harness.LoginOffers);
    }

    [Fact]
    public void What_is_offered_after_the_login_or_without_need_of_one_or_in_a_refusal_is_not_told()
    {
        var loggedIn = SmtpSession.LoggedIn();
        loggedIn.Client("EHLO x\r\n");
        loggedIn.Backend(Reply("PIPELINING"));
        Assert.Equal([true], loggedIn.LoginOffers);

        var optional = SmtpSession.Greeted(new SessionRules { Authentication = Authentication.Optional });
        optional.Client("EHLO x\r\n");
        optional.Backend(Reply("PIPELINING"));
        Assert.Empty(optional.LoginOffers);

        var refused = SmtpSession.Greeted();
        refused.Client("EHLO x\r\n");
        refused.Backend("550 no\r\n");
        refused.Client("HELO x\r\n");
        refused.Backend("250 hello\r\n");
        Assert.Empty(refused.LoginOffers);
    }

    [Fact]
    public void Any_positive_answer_is_a_list()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("EHLO x\r\n");
        harness.Backend("251-backend\r\n251-XCLIENT ADDR\r\n251 CHUNKING\r\n");
        Assert.Equal("251-backend\r\n251 CHUNKING\r\n", harness.ToClient);
    }

    [Fact]
    public void The_host_name_line_is_never_taken_for_a_keyword()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("EHLO x\r\n");
        harness.Backend("250-STARTTLS\r\n250 STARTTLS\r\n");
        Assert.Equal("250 STARTTLS\r\n", harness.ToClient);
    }

    [Theory]
    [InlineData("250 backend\r\n")]
    [InlineData("502-no\r\n502 STARTTLS\r\n")]
    public void Replies_without_a_list_pass_unchanged(string reply)
    {
        var harness = SmtpSession.Greeted();
        harness.Client("EHLO x\r\n");
        harness.Backend(reply);
        Assert.Equal(reply, harness.ToClient);
    }

    [Fact]
    public void A_multi_line_HELO_reply_is_no_list()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("HELO x\r\n");
        harness.Backend("250-a\r\n250 STARTTLS\r\n");
        Assert.Equal("250-a\r\n250 STARTTLS\r\n", harness.ToClient);
    }

    [Fact]
    public void A_long_list_is_rewritten_as_a_whole()
    {
        var keywords = string.Join("|", Enumerable.Range(0, 80).Select(i => $"X-EXTENSION-{i} with some arguments"));
        var harness = SmtpSession.Extended();
        harness.Client("RSET\r\nEHLO x\r\n");
        harness.Backend("250 Ok\r\n" + Reply($"STARTTLS|{keywords}|AUTH PLAIN"));
        Assert.Equal("250 Ok\r\n" + Reply($"{keywords}|AUTH PLAIN"), harness.ToClient);
    }

    /// <summary>What is rewritten is in pieces, most of all in the last line, and no call has room for any number of them.</summary>
    [Theory]
    [InlineData("SIZE 18446744073709551615")]
    [InlineData("X|STARTTLS")]
    [InlineData("AUTH GSSAPI PLAIN GSSAPI LOGIN GSSAPI XOAUTH2")]
    public void A_list_that_needs_too_many_changes_ends_the_session_in_good_order(string keyword)
    {
        var host = new string('h', 255);
        CloseReason? closed = null;
        for (var count = 1; count <= 128; count++)
        {
            var harness = new MachineHarness(observer => new SmtpMachine(new SessionRules(), observer), MachineHarness.DefaultFacts(host)).Start();
            harness.Backend(SmtpSession.Greeting);
            harness.Client("EHLO x\r\n");
            harness.Signal(Signal.Drain);
            harness.Backend(Reply(string.Join('|', Enumerable.Repeat(keyword, count)) + "|SIZE 18446744073709551615|STARTTLS"));

            closed = harness.Closed;
            Assert.True(closed == CloseReason.Drained || (closed == CloseReason.BackendProtocolError && count > 10), $"{count} times: {closed}");
            var words = closed == CloseReason.Drained ? "shutting down" : "closing connection, try again later";
            Assert.EndsWith($" {host} Service {words}\r\n", harness.ToClient, StringComparison.Ordinal);
        }

        Assert.Equal(CloseReason.BackendProtocolError, closed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("XCLIENT ADDR|")]
    public void A_list_in_too_many_pieces_ends_the_session_and_nothing_else(string removed)
    {
        for (var lines = 1; lines < 100; lines++)
        {
            var sizes = string.Concat(Enumerable.Repeat("SIZE 2048|", lines));
            var harness = SmtpSession.Greeted();
            harness.Client("EHLO x\r\n");
            harness.Backend(Reply($"SIZE 2048|{removed}{sizes}STARTTLS|SIZE 2048|STARTTLS"));
            Assert.Equal(
                harness.Closed is null, harness.ToClient == Reply($"SIZE 2048|{sizes}SIZE 2048").Replace("2048", "1024", StringComparison.Ordinal));
        }
    }

    private static string Reply(string keywords)
    {
        string[] lines = ["backend.example.com", .. keywords.Split('|', StringSplitOptions.RemoveEmptyEntries)];
        return string.Concat(lines.Select((line, i) => $"250{(i == lines.Length - 1 ? ' ' : '-')}{line}\r\n"));
    }
}
