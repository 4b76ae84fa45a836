using TlsFront.Connections;

namespace TlsFront.Tests.Protocols.Smtp;

public class SmtpLoginTests
{
    [Fact]
    public void An_initial_response_logs_in_and_names_the_user()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n");
        Assert.Equal("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", harness.ToBackend);
        harness.Backend("235 2.7.0 Ok\r\n");
        Assert.Equal(["login alice"], harness.Reports);
    }

    [Fact]
    public void A_dialogue_is_followed_round_by_round()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH LOGIN\r\nYWxpY2U=\r\nc2VjcmV0\r\nNOOP\r\n");
        Assert.Equal("AUTH LOGIN\r\n", harness.ToBackend);
        harness.Backend("334 VXNlcm5hbWU6\r\n");
        Assert.Equal("AUTH LOGIN\r\nYWxpY2U=\r\n", harness.ToBackend);
        harness.Backend("334 UGFzc3dvcmQ6\r\n");
        Assert.Equal("AUTH LOGIN\r\nYWxpY2U=\r\nc2VjcmV0\r\n", harness.ToBackend);
        harness.Backend("235 Ok\r\n");
        Assert.EndsWith("NOOP\r\n", harness.ToBackend);
        Assert.Equal(["login alice"], harness.Reports);
    }

    [Fact]
    public void A_response_that_looks_like_a_command_is_a_response()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH X\r\n");
        harness.Backend("334 \r\n");
        harness.Client("QUIT\r\n");
        Assert.Equal("AUTH X\r\nQUIT\r\n", harness.ToBackend);
        harness.Backend("501 no base64\r\n");
        Assert.Null(harness.Closed);
    }

    [Fact]
    public void A_refused_login_is_reported_and_can_be_tried_again()
    {
        var harness = SmtpSession.Greeted();
        for (var i = 0; i < 3; i++)
        {
            harness.Client("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n");
            harness.Backend("535 5.7.8 no\r\n");
        }

        Assert.Equal(["login failed", "login failed", "login failed"], harness.Reports);
        Assert.Null(harness.Closed);
    }

    [Theory]
    [InlineData("*", "501 cancelled\r\n")]
    [InlineData("AGFsaWNlAHNlY3JldA==", "454 4.7.0 later\r\n")]
    public void A_cancelled_or_postponed_login_is_no_refusal(string response, string reply)
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH PLAIN\r\n");
        harness.Backend("334 \r\n");
        harness.Client(response + "\r\n");
        harness.Backend(reply);
        Assert.Empty(harness.Reports);
    }

    [Fact]
    public void The_name_of_a_refused_login_does_not_stick_to_the_next()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n");
        harness.Backend("535 no\r\n");
        harness.Client("AUTH NTLM x\r\n");
        harness.Backend("235 ok\r\n");
        Assert.Equal(["login failed", "login "], harness.Reports);
    }

    [Theory]
    [InlineData("AUTH GSSAPI")]
    [InlineData("auth scram-sha-256-plus biws")]
    [InlineData("AUTH DIGEST-MD5")]
    [InlineData("AUTH GSSAPI\tx")]
    public void Mechanisms_that_cannot_work_through_the_gateway_are_refused_here(string command)
    {
        var harness = SmtpSession.Greeted();
        harness.Client(command + "\r\n");
        Assert.Equal("504 5.5.4 Unrecognized authentication type\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
    }

    [Fact]
    public void A_second_login_is_refused_here()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n");
        Assert.Equal("503 5.5.1 Already authenticated\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
    }

    [Theory]
    [InlineData(12288, true)]
    [InlineData(12289, false)]
    public void A_response_has_at_most_12288_octets(int length, bool passes)
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH OAUTHBEARER\r\n");
        harness.Backend("334 \r\n");
        harness.Forget();
        harness.Client(new string('A', length) + "\r\n");
        Assert.Equal(passes ? length + 2 : 0, harness.ToBackend.Length);
        Assert.Equal(passes ? "" : "500 5.5.6 Authentication exchange line is too long\r\n", harness.ToClient);
        Assert.Equal(passes ? null : CloseReason.LineTooLong, harness.Closed);
    }

    [Fact]
    public void A_token_in_the_command_itself_may_be_as_long()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH XOAUTH2 " + new string('A', 6000));
        harness.Client(new string('A', 6000) + "\r\n");
        Assert.Equal(12015, harness.ToBackend.Length);
    }

    [Theory]
    [InlineData("abc\nMAIL FROM:<a@x>\r\n")]
    [InlineData("a\0b\r\n")]
    public void A_response_with_a_bare_newline_never_passes(string response)
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH PLAIN\r\n");
        harness.Backend("334 \r\n");
        harness.Forget();
        harness.Client(response);
        Assert.Equal("", harness.ToBackend);
        Assert.Equal(CloseReason.BareNewline, harness.Closed);
    }

    [Fact]
    public void A_354_is_no_challenge()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH LOGIN\r\nMAIL FROM:<a@x>\r\n");
        harness.Backend("354 go\r\n");
        Assert.Equal("AUTH LOGIN\r\n", harness.ToBackend);
        Assert.Equal(CloseReason.BackendProtocolError, harness.Closed);
    }
}
