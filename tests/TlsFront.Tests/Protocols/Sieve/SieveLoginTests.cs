using TlsFront.Connections;

namespace TlsFront.Tests.Protocols.Sieve;

/// <summary>The SASL dialogue: what is a login, and what only looks like one.</summary>
public class SieveLoginTests
{
    [Theory]
    [InlineData("AUTHENTICATE \"PLAIN\" \"AGFsaWNlAHNlY3JldA==\"\r\n")]
    [InlineData("AUTHENTICATE \"PLAIN\" {20+}\r\nAGFsaWNlAHNlY3JldA==\r\n")]
    public void Credentials_with_the_command_log_in(string command)
    {
        var session = SieveSession.Greeted();
        session.Client(command + "LISTSCRIPTS\r\n");
        Assert.Equal("OK (SASL \"dj1x\") \"in\"\r\n", session.Relayed("OK (SASL \"dj1x\") \"in\"\r\n"));
        Assert.True(session.Transparent);
        Assert.Equal(["login alice"], session.Reports);
    }

    [Theory]
    [InlineData("\"VXNlcm5hbWU6\"\r\n", "\"YWxpY2U=\"\r\n", "\"c2VjcmV0\"\r\n")]
    [InlineData("{12}\r\nVXNlcm5hbWU6\r\n", "{8+}\r\nYWxpY2U=\r\n", "{008+}\r\nc2VjcmV0\r\n")]
    public void A_dialogue_of_strings_in_either_form_logs_in(string challenge, string user, string password)
    {
        var session = SieveSession.Greeted();
        session.Forwarded("AUTHENTICATE \"LOGIN\"\r\n");
        Assert.Equal(challenge, session.Relayed(challenge));
        Assert.Equal("\"YWxpY2U=\"\r\n", session.Forwarded(user));
        Assert.Equal(challenge, session.Relayed(challenge));
        Assert.Equal("\"c2VjcmV0\"\r\n", session.Forwarded(password));
        session.Backend("OK\r\n");
        Assert.Equal(["login alice"], session.Reports);
    }

    [Theory]
    [InlineData("\"*\"\r\n")]
    [InlineData("*\r\n")]
    [InlineData("\r\n")]
    [InlineData("YWxpY2U=\r\n")]
    [InlineData("\"YWxpY2U=\" \r\n")]
    [InlineData("\"=\"\r\n")]
    [InlineData("NOOP\r\n")]
    [InlineData("{10+}\r\nSTARTTLS\r\n\r\n")]
    [InlineData("XCLIENT {4+}\r\nADDR\r\n")]
    public void What_is_no_response_cancels(string text)
    {
        var session = SieveSession.Greeted();
        session.Forwarded("AUTHENTICATE \"LOGIN\"\r\n");
        session.Backend("\"\"\r\n");
        Assert.Equal("\"*\"\r\n", session.Forwarded(text));
        session.Backend("NO \"cancelled\"\r\n");
        Assert.Empty(session.Reports);
        Assert.Equal("NOOP\r\n", session.Forwarded("NOOP\r\n"));
    }

    [Fact]
    public void An_empty_response_is_one()
    {
        var session = SieveSession.Greeted();
        session.Forwarded("AUTHENTICATE \"EXTERNAL\"\r\n");
        session.Backend("\"\"\r\n");
        Assert.Equal("\"\"\r\n", session.Forwarded("\"\"\r\n"));
        session.Backend("OK\r\n");
        Assert.Equal(["login "], session.Reports);
    }

    [Fact]
    public void A_token_that_is_too_long_for_quotes_is_forwarded_as_a_literal()
    {
        var token = new string('A', 2000);
        var session = SieveSession.Greeted();
        Assert.Equal($"AUTHENTICATE \"XOAUTH2\" {{2000+}}\r\n{token}\r\n", session.Forwarded($"AUTHENTICATE \"XOAUTH2\" \"{token}\"\r\n"));
        session.Backend("\"\"\r\n");
        Assert.Equal($"{{2000+}}\r\n{token}\r\n", session.Forwarded($"{{2000+}}\r\n{token}\r\n"));
        var longest = new string('A', 17_000);
        session.Backend("\"\"\r\n");
        session.Client($"\"{longest}\"\r\n");
        Assert.Equal(CloseReason.LineTooLong, session.Closed);
    }

    [Theory]
    [InlineData("AUTHENTICATE \"PLAIN\"\r\n", "OK \"in\"\r\n")]
    [InlineData("AUTHENTICATE \"PLAIN\"\r\n", "\"SASL\" \"PLAIN\"\r\nOK\r\n")]
    [InlineData("NOOP\r\n", "\"SASL\" \"PLAIN\"\r\n")]
    [InlineData("NOOP\r\n", "* OK\r\n")]
    [InlineData("", "OK\r\n")]
    [InlineData("", "NO\r\n")]
    public void An_answer_to_nothing_ends_the_session(string command, string answer)
    {
        var session = SieveSession.Greeted();
        session.Client(command);
        session.Backend(answer);
        session.Client("\"*\"\r\n");
        if (session.Closed is null)
        {
            session.Backend("OK\r\n");
        }

        Assert.Equal(CloseReason.BackendProtocolError, session.Closed);
        Assert.Empty(session.Reports);
        Assert.EndsWith("BYE (TRYLATER) \"The mail server gave an answer that is not ManageSieve\"\r\n", session.ToClient);
    }

    [Theory]
    [InlineData("AUTHENTICATE \"PLAIN\" \"AGFsaWNlAHNlY3JldA==\"\r\n", "NO \"no\"\r\n", "login failed")]
    [InlineData("AUTHENTICATE \"PLAIN\"\r\n", "NO \"no\"\r\n", "")]
    [InlineData("AUTHENTICATE \"PLAIN\" \"AGFsaWNlAHNlY3JldA==\"\r\n", "BYE \"no\"\r\n", "")]
    [InlineData("NOOP\r\n", "NO \"no\"\r\n", "")]
    public void Only_credentials_that_were_refused_are_a_failed_login(string command, string answer, string report)
    {
        var session = SieveSession.Greeted();
        session.Client(command);
        Assert.Equal(answer, session.Relayed(answer));
        Assert.Equal(report, string.Join(' ', session.Reports));
    }
}
