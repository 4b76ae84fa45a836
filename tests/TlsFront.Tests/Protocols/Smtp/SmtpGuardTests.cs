using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

public class SmtpGuardTests
{
    private const string Refusal = "530 5.7.0 Authentication required\r\n";

    [Theory]
    [InlineData("MAIL FROM:<a@example.com>")]
    [InlineData("mail from:<a@example.com>")]
    [InlineData("SEND FROM:<a@example.com>")]
    [InlineData("SOML FROM:<a@example.com>")]
    [InlineData("SAML FROM:<a@example.com>")]
    [InlineData("RCPT TO:<b@example.org>")]
    [InlineData("DATA")]
    [InlineData("VRFY bob")]
    [InlineData("EXPN list")]
    public void Mail_before_a_login_is_refused_here_and_never_reaches_the_backend(string command)
    {
        var harness = SmtpSession.Greeted();
        harness.Client(command + "\r\n");
        Assert.Equal(Refusal, harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        Assert.Null(harness.Closed);
    }

    [Fact]
    public void Octets_of_a_refused_chunk_are_swallowed_and_do_not_run_as_commands()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("BDAT 14 LAST\r\nNOOP\r\nNOOP 2\r\nRSET\r\n");
        Assert.Equal(Refusal, harness.ToClient);
        Assert.Equal("RSET\r\n", harness.ToBackend);
    }

    [Fact]
    public void A_refused_chunk_that_cannot_be_counted_ends_the_session()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("BDAT lots\r\nNOOP\r\n");
        Assert.Equal("501 5.5.4 Syntax error in BDAT\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
    }

    [Fact]
    public void A_whole_pipelined_transaction_gets_as_many_refusals_as_commands()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n");
        Assert.Equal(Refusal + Refusal + Refusal, harness.ToClient);
        harness.Client("QUIT\r\n");
        Assert.Equal("QUIT\r\n", harness.ToBackend);
    }

    [Fact]
    public void Content_sent_behind_a_refused_DATA_does_not_run_as_commands()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("DATA\r\nNOOP\r\n.\r\n");
        Assert.Equal(Refusal + "554 5.5.0 Data sent before the reply to DATA\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
    }

    [Theory]
    [InlineData("235 ok\r\n", true)]
    [InlineData("250 ok\r\n", false)]
    [InlineData("535 no\r\n", false)]
    [InlineData("454 later\r\n", false)]
    public void Only_a_relayed_235_opens_the_guard(string reply, bool opens)
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH PLAIN AGEAYg==\r\n");
        harness.Backend(reply);
        harness.Forget();
        harness.Client("MAIL FROM:<a@x>\r\n");
        Assert.Equal(opens ? "" : Refusal, harness.ToClient);
        Assert.Equal(opens ? "MAIL FROM:<a@x>\r\n" : "", harness.ToBackend);
    }

    [Fact]
    public void A_235_to_another_command_is_never_relayed()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("NOOP\r\n");
        harness.Backend("235 ok\r\n");
        Assert.DoesNotContain("235", harness.ToClient);
        Assert.Equal(CloseReason.BackendProtocolError, harness.Closed);
    }

    [Theory]
    [InlineData("EHLO again.example.com\r\n")]
    [InlineData("HELO again.example.com\r\n")]
    [InlineData("RSET\r\n")]
    public void Nothing_but_the_end_takes_a_login_back(string command)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(command);
        harness.Backend("250 Ok\r\n");
        harness.Client("MAIL FROM:<a@x>\r\n");
        Assert.Contains("MAIL", harness.ToBackend);
    }

    [Fact]
    public void A_refusal_waits_behind_the_replies_the_backend_still_owes()
    {
        var harness = SmtpSession.Extended();
        harness.Client("RSET\r\nMAIL FROM:<a@x>\r\nRSET\r\nVRFY b\r\n");
        Assert.Equal("", harness.ToClient);
        harness.Backend("250 one\r\n");
        Assert.Equal("250 one\r\n" + Refusal, harness.ToClient);
        harness.Backend("250 two\r\n");
        Assert.Equal("250 one\r\n" + Refusal + "250 two\r\n" + Refusal, harness.ToClient);
    }

    [Fact]
    public void With_optional_authentication_the_backend_decides()
    {
        var harness = SmtpSession.Extended(new SessionRules(Authentication.Optional));
        harness.Client("MAIL FROM:<a@x>\r\nVRFY b\r\n");
        Assert.Equal("MAIL FROM:<a@x>\r\nVRFY b\r\n", harness.ToBackend);
    }
}
