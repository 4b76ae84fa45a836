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

        var optional = SmtpSession.Greeted(new SmtpRules { Authentication = Authentication.Optional });
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
        var harness = SmtpSession.Greeted();
        harness.Client("RSET\r\nEHLO x\r\n");
        harness.Backend("250 Ok\r\n" + Reply($"STARTTLS|{keywords}|AUTH PLAIN"));
        Assert.Equal("250 Ok\r\n" + Reply($"{keywords}|AUTH PLAIN"), harness.ToClient);
    }

    private static string Reply(string keywords)
    {
        string[] lines = ["backend.example.com", .. keywords.Split('|', StringSplitOptions.RemoveEmptyEntries)];
        return string.Concat(lines.Select((line, i) => $"250{(i == lines.Length - 1 ? ' ' : '-')}{line}\r\n"));
    }
}
