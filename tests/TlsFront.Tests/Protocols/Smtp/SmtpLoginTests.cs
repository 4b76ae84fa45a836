using TlsFront.Connections;
using TlsFront.Protocols;

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
    [InlineData("")]
    [InlineData("*")]
    public void A_refused_token_is_a_refused_login_however_the_client_ends_the_exchange(string lastWord)
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciB0AQE=\r\n");
        harness.Backend("334 eyJzdGF0dXMiOiI0MDEifQ==\r\n");
        harness.Client(lastWord + "\r\n");
        harness.Backend("535 5.7.8 no\r\n");
        Assert.Equal(["login failed"], harness.Reports);
    }

    [Fact]
    public void A_mechanism_the_backend_does_not_know_is_no_refused_login()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH FOO\r\n");
        harness.Backend("504 5.5.4 what\r\n");
        Assert.Empty(harness.Reports);
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
    public void Mechanisms_that_cannot_work_through_the_gateway_are_refused_here(string command)
    {
        var harness = SmtpSession.Greeted();
        harness.Client(command + "\r\n");
        Assert.Equal("504 5.5.4 Unrecognized authentication type\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
    }

    [Theory]
    [InlineData("AUTH")]
    [InlineData("AUTH ")]
    [InlineData("AUTH   ")]
    [InlineData("AUTH  PLAIN AGJvYgBzZWNyZXQ=")]
    [InlineData("AUTH  GSSAPI")]
    [InlineData("AUTH  SCRAM-SHA-1-PLUS")]
    [InlineData("AUTH PLAIN  AGJvYgBzZWNyZXQ=")]
    [InlineData("AUTH PLAIN AGJv YgBzZWNyZXQ=")]
    [InlineData("AUTH PLAIN AGJvYgBzZWNyZXQ= x")]
    [InlineData("AUTH \tPLAIN")]
    [InlineData("AUTH PLAIN\t")]
    [InlineData("AUTH GSSAPI\tx")]
    [InlineData("AUTH \"GSSAPI\"")]
    [InlineData("AUTH PLAIN *")]
    [InlineData("AUTH PLAIN <a@x>")]
    [InlineData("AUTH ABCDEFGHIJKLMNOPQRSTU")]
    public void What_another_backend_might_read_as_another_login_is_refused_here(string command)
    {
        var harness = SmtpSession.Greeted();
        harness.Client(command + "\r\n");
        Assert.Equal("501 5.5.4 Syntax error in AUTH\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        Assert.Null(harness.Closed);
    }

    [Theory]
    [InlineData("AUTH\tPLAIN AGJvYgBzZWNyZXQ=")]
    [InlineData("AUTH\u000bPLAIN")]
    public void A_tab_behind_AUTH_makes_no_command_of_it(string command)
    {
        var harness = SmtpSession.Greeted();
        harness.Client(command + "\r\n");
        Assert.Equal("500 5.5.2 Syntax error\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
    }

    [Theory]
    [InlineData("auth plain AGFsaWNlAHNlY3JldA==", "auth plain AGFsaWNlAHNlY3JldA==")]
    [InlineData("AUTH PLAIN AGFsaWNlAHNlY3JldA==  ", "AUTH PLAIN AGFsaWNlAHNlY3JldA==")]
    [InlineData("AUTH EXTERNAL =", "AUTH EXTERNAL =")]
    [InlineData("AUTH LOGIN ", "AUTH LOGIN")]
    [InlineData("AUTH LOGIN  ", "AUTH LOGIN")]
    public void A_proper_login_passes_without_spaces_at_its_end(string command, string forwarded)
    {
        foreach (var end in new[] { "\r\n", "\n" })
        {
            var harness = SmtpSession.Greeted();
            harness.Client(command + end);
            Assert.Equal(forwarded + "\r\n", harness.ToBackend);
        }
    }

    [Theory]
    [InlineData("AUTH PLAIN\r\n", null)]
    [InlineData("AUTH PLAIN\r\n", "*\r\n")]
    [InlineData("AUTH PLAIN\r\n", "XCLIENT ADDR=192.0.2.1\r\n")]
    [InlineData("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", "*\r\n")]
    public void A_login_without_credentials_is_none_and_ends_the_session(string command, string? response)
    {
        var harness = SmtpSession.Greeted();
        harness.Client(command);
        if (response is not null)
        {
            harness.Backend("334 \r\n");
            harness.Client(response);
        }

        harness.Forget();
        harness.Backend("235 2.7.0 Ok\r\n");
        Assert.Empty(harness.Reports);
        Assert.Equal("421 4.3.0 mail.example.com Service closing connection, try again later\r\n", harness.ToClient);
        Assert.Equal(CloseReason.BackendProtocolError, harness.Closed);
    }

    [Theory]
    [InlineData("XCLIENT ADDR=192.0.2.1")]
    [InlineData("MAIL FROM:<a@x>")]
    [InlineData("AGFsaWNl AHNlY3JldA==")]
    [InlineData("* ")]
    public void What_is_no_response_cancels_the_exchange(string line)
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH PLAIN\r\n");
        harness.Backend("334 \r\n");
        harness.Forget();
        harness.Client(line + "\r\nNOOP\r\n");
        Assert.Equal("*\r\n", harness.ToBackend);
        harness.Backend("501 5.7.0 cancelled\r\n");
        Assert.Equal("501 5.7.0 cancelled\r\n", harness.ToClient);
        Assert.EndsWith("NOOP\r\n", harness.ToBackend);
        Assert.Empty(harness.Reports);
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("YWxpY2U=")]
    public void A_response_may_be_empty(string response)
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH EXTERNAL\r\n");
        harness.Backend("334 \r\n");
        harness.Client(response + "\r\n");
        harness.Backend("235 Ok\r\n");
        Assert.EndsWith($"\r\n{response}\r\n", harness.ToBackend);
        Assert.StartsWith("login ", Assert.Single(harness.Reports));
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
        var harness = SmtpSession.Greeted(new SessionRules(BareNewlines: BareNewlines.Reject));
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
