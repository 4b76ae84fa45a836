using System.Text;
using TlsFront.Connections;

namespace TlsFront.Tests.Protocols.Imap;

public class ImapLoginTests
{
    [Theory]
    [InlineData("alice secret", "alice")]
    [InlineData("alice@example.org \"se cret\"", "alice@example.org")]
    [InlineData("\"alice\" secret", "alice")]
    [InlineData("\"al \\\"i\\\\ce\" secret", "al \"i\\ce")]
    [InlineData("\"al\\ice\" secret", "alice")]
    [InlineData("\"\" secret", "")]
    [InlineData("\"al\u001Bice\" secret", "")]
    public void The_user_is_reported_once_the_backend_said_ok(string arguments, string user)
    {
        var session = ImapMachineTests.Greeted();
        session.Client($"a LOGIN {arguments}\r\n");
        Assert.Equal($"a LOGIN {arguments}\r\n", session.ToBackend);
        Assert.Empty(session.Reports);
        session.Backend("a OK in\r\n");
        Assert.Equal([$"login {user}"], session.Reports);
    }

    [Fact]
    public void A_refused_login_is_counted_and_may_be_repeated()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN alice wrong\r\n");
        session.Backend("a NO [AUTHENTICATIONFAILED] no\r\n");
        session.Client("b LOGIN alice secret\r\n");
        session.Backend("b OK in\r\n");
        Assert.Equal(["login failed", "login alice"], session.Reports);
        Assert.Equal("a NO [AUTHENTICATIONFAILED] no\r\nb OK in\r\n", session.ToClient);
    }

    /// <summary>An outage makes no guesser of a user whose telephone tries again.</summary>
    [Theory]
    [InlineData("[UNAVAILABLE] Temporary authentication failure")]
    [InlineData("[LIMIT] Too many connections")]
    [InlineData("[INUSE] Locked")]
    [InlineData("[unavailable] Temporary authentication failure")]
    [InlineData(" [UNAVAILABLE] Temporary authentication failure")]
    public void A_server_that_cannot_look_has_refused_no_credentials(string answer)
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN alice secret\r\n");
        session.Backend($"a NO {answer}\r\n");
        Assert.Empty(session.Reports);
        Assert.Equal($"a NO {answer}\r\n", session.ToClient);
    }

    /// <summary>Or a guesser would choose what is counted, by the name that the server repeats.</summary>
    [Theory]
    [InlineData("No user \"NO [UNAVAILABLE]\"")]
    [InlineData("[AUTHENTICATIONFAILED] a NO [LIMIT] b")]
    [InlineData("[LIMITED] no")]
    [InlineData("[UNAVAILABLE")]
    public void Behind_the_code_in_front_nothing_is_one(string answer)
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN alice wrong\r\n");
        session.Backend($"a NO {answer}\r\n");
        Assert.Equal(["login failed"], session.Reports);
    }

    [Fact]
    public void Synchronising_literals_wait_for_the_backend()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN {5}\r\n");
        session.Backend("+ OK\r\n");
        Assert.Equal("+ OK\r\n", session.ToClient);
        session.Client("alice {6}\r\n");
        session.Backend("+ OK\r\n");
        session.Client("secret\r\n");
        session.Backend("a OK in\r\n");
        Assert.Equal("a LOGIN {5}\r\nalice {6}\r\nsecret\r\n", session.ToBackend);
        Assert.Equal(["login alice"], session.Reports);
    }

    [Fact]
    public void Octets_before_the_go_ahead_stay_here()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN {5}\r\nalice secret\r\n");
        Assert.Equal("a LOGIN {5}\r\n", session.ToBackend);
    }

    [Fact]
    public void Non_synchronising_literals_are_made_synchronising_towards_the_backend()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN {5+}\r\nalice {6+}\r\nsecret\r\nb NOOP\r\n");
        Assert.Equal("a LOGIN {5}\r\n", session.TakeToBackend());
        session.Backend("+ OK\r\n");
        Assert.Equal("alice {6}\r\n", session.TakeToBackend());
        session.Backend("+ OK\r\n");
        Assert.Equal("secret\r\n", session.TakeToBackend());
        Assert.Equal("", session.ToClient);
        session.Backend("a OK in\r\n");
        Assert.Equal("a OK in\r\n", session.ToClient);
        Assert.Equal("b NOOP\r\n", session.ToBackend);
        Assert.Equal(["login alice"], session.Reports);
    }

    [Fact]
    public void Octets_of_a_refused_literal_never_become_commands()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN {33+}\r\nb ID (\"x-originating-ip\" \"1.2\")\r\n {12+}\r\nc STARTTLS\r\n\r\nd NOOP\r\n");
        session.Backend("a BAD no literals here\r\n");
        Assert.Equal("a LOGIN {33}\r\nd NOOP\r\n", session.ToBackend);
        Assert.Equal("a BAD no literals here\r\n", session.ToClient);
    }

    [Fact]
    public void A_refused_synchronising_literal_ends_the_command()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN {5}\r\n");
        session.Backend("a NO not now\r\n");
        session.Client("b NOOP\r\n");
        Assert.Equal("a LOGIN {5}\r\nb NOOP\r\n", session.ToBackend);
        Assert.Empty(session.Reports);
    }

    [Theory]
    [InlineData("", "a NO [AUTHENTICATIONFAILED] no\r\n")]
    [InlineData("*", "a BAD cancelled\r\n")]
    [InlineData(null, "a BAD no such mechanism\r\n")]
    [InlineData(null, "a NO no\r\n")]
    public void A_refused_token_is_a_refused_login_however_the_exchange_ends(string? lastWord, string reply)
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a AUTHENTICATE XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciB0AQE=\r\n");
        if (lastWord is not null)
        {
            session.Backend("+ eyJzdGF0dXMiOiI0MDEifQ==\r\n");
            session.Client(lastWord + "\r\n");
        }

        session.Backend(reply);
        Assert.Equal(["login failed"], session.Reports);
    }

    [Theory]
    [InlineData("a NO no such mechanism\r\n")]
    [InlineData("a BAD no such mechanism\r\n")]
    public void Without_credentials_no_login_is_refused(string reply)
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a AUTHENTICATE FOO\r\n");
        session.Backend(reply);
        Assert.Empty(session.Reports);
    }

    [Theory]
    [InlineData("a LOGIN {20000}\r\n", "a NO [LIMIT] Literal too long\r\n", null)]
    [InlineData("a LOGIN {99999999999999999999}\r\n", "a NO [LIMIT] Literal too long\r\n", null)]
    [InlineData("a LOGIN {20000+}\r\n", "* BYE [LIMIT] Line or literal too long\r\n", CloseReason.LineTooLong)]
    public void Literals_before_login_are_bounded(string command, string answer, object? closed)
    {
        var session = ImapMachineTests.Greeted();
        session.Client(command);
        Assert.Equal(answer, session.ToClient);
        Assert.Equal("", session.ToBackend);
        Assert.Equal((CloseReason?)closed, session.Closed);
    }

    [Fact]
    public void Many_literals_of_one_command_are_bounded_together()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN {8000}\r\n");
        session.Backend("+ OK\r\n");
        session.Client(new string('u', 8000) + " {9000}\r\n");
        Assert.Equal(CloseReason.LineTooLong, session.Closed);
    }

    [Fact]
    public void A_bare_CR_inside_a_command_ends_the_session()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a LOGIN {5}\r\n");
        session.Backend("+ OK\r\n");
        session.Client("alice se\rcret\r\n");
        Assert.Equal(CloseReason.BareNewline, session.Closed);
        Assert.DoesNotContain("secret", session.ToBackend);
    }

    [Fact]
    public void Authenticate_with_initial_response_reports_the_user()
    {
        var session = ImapMachineTests.Greeted();
        var response = Encode("\0alice\0secret");
        session.Client($"a AUTHENTICATE PLAIN {response}\r\n");
        session.Backend("a OK in\r\n");
        Assert.Equal($"a AUTHENTICATE PLAIN {response}\r\n", session.ToBackend);
        Assert.Equal(["login alice"], session.Reports);
        Assert.True(session.Transparent);
    }

    [Fact]
    public void Authenticate_passes_every_round()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a authenticate LOGIN\r\n");
        session.Backend("+ VXNlcm5hbWU6\r\n");
        session.Client(Encode("alice") + "\r\n");
        session.Backend("+ UGFzc3dvcmQ6\r\n");
        session.Client(Encode("secret") + "\r\n");
        session.Backend("a OK in\r\n");
        Assert.Equal("+ VXNlcm5hbWU6\r\n+ UGFzc3dvcmQ6\r\na OK in\r\n", session.ToClient);
        Assert.Equal(["login alice"], session.Reports);
    }

    [Fact]
    public void A_security_layer_begins_right_behind_the_login()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a AUTHENTICATE GSSAPI YIIB\r\n");
        session.Backend("+ YIIC\r\n");
        session.Client("\r\n");
        session.Backend("a OK in\r\n\0\0\0\u0008\r\n* BYE");
        session.Client("\0\0\0\u0004a STARTTLS");
        Assert.True(session.Transparent);
        Assert.Equal("+ YIIC\r\na OK in\r\n\0\0\0\u0008\r\n* BYE", session.ToClient);
        Assert.Equal("a AUTHENTICATE GSSAPI YIIB\r\n\r\n\0\0\0\u0004a STARTTLS", session.ToBackend);
    }

    [Fact]
    public void A_cancelled_authentication_is_no_failed_login()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a AUTHENTICATE PLAIN\r\n");
        session.Backend("+ \r\n");
        session.Client("*\r\n");
        session.Backend("a BAD cancelled\r\n");
        session.Client("b AUTHENTICATE PLAIN =\r\n");
        session.Backend("b NO empty\r\n");
        Assert.Equal(["login failed"], session.Reports);
        Assert.Null(session.Closed);
    }

    [Fact]
    public void A_token_of_twelve_kilobytes_fits_a_sasl_line_and_no_other()
    {
        var session = ImapMachineTests.Greeted();
        session.Client($"a AUTHENTICATE XOAUTH2 {new string('A', 12_288)}\r\n");
        session.Backend("+ \r\n");
        session.Client(new string('A', 12_288) + "\r\n");
        session.Backend("a NO no\r\n");
        Assert.Null(session.Closed);
        session.Client($"a NOOP {new string('A', 12_288)}\r\n");
        Assert.Equal(CloseReason.LineTooLong, session.Closed);
    }

    [Fact]
    public void An_endless_sasl_response_ends_the_session()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a AUTHENTICATE PLAIN\r\n");
        session.Backend("+ \r\n");
        session.Client(new string('A', 17_000));
        Assert.Equal(CloseReason.LineTooLong, session.Closed);
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
