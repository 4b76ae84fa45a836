using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.HeldLogin;

namespace TlsFront.Tests.Protocols.HeldLogin;

/// <summary>Logins that the gateway refuses although they are complete: somebody it asks says so.</summary>
public sealed class LoginRefusalTests
{
    private const string Words = "Not \"you\" \\ again";

    public static TheoryData<string, string, string> Logins => new()
    {
        { "smtp", "EHLO a\r\nAUTH PLAIN AGEAYg==\r\n", $"535 5.7.0 {Words}\r\n" },
        { "smtp", "EHLO a\r\nAUTH LOGIN YQ==\r\nYg==\r\n", $"535 5.7.0 {Words}\r\n" },
        { "smtp", "EHLO a\r\nAUTH XOAUTH2 dXNlcj1hAWF1dGg9QmVhcmVyIHgBAQ==\r\n", $"535 5.7.0 {Words}\r\n" },
        { "imap", "x LOGIN a b\r\n", $"x NO {Words}\r\n" },
        { "imap", "x LOGIN {1+}\r\na {1+}\r\nb\r\n", $"x NO {Words}\r\n" },
        { "imap", "x AUTHENTICATE PLAIN AGEAYg==\r\n", $"x NO {Words}\r\n" },
        { "pop3", "USER a\r\nPASS b\r\n", $"-ERR {Words}\r\n" },
        { "pop3", "AUTH PLAIN AGEAYg==\r\n", $"-ERR {Words}\r\n" },
        { "sieve", "AUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n", "NO \"Not \\\"you\\\" \\\\ again\"\r\n" },
    };

    [Theory]
    [MemberData(nameof(Logins))]
    public void A_client_hears_why_in_its_protocol_and_may_try_again(string protocol, string login, string refusal)
    {
        var session = HeldLogins.Start(protocol);
        session.Refusal = new LoginRefusal(Words, null, endsSession: false);
        session.Client(login);

        Assert.EndsWith(refusal, session.TakeToClient(), StringComparison.Ordinal);
        Assert.Equal((null, Phase.PreLogin, 1), (session.Closed, session.Phase, session.Connects));
        Assert.Equal(["login failed"], session.Reports);

        session.Refusal = null;
        session.Client(login);
        Assert.Equal((2, Phase.Greeting, ""), (session.Connects, session.Phase, session.ToBackend));
    }

    [Theory]
    [MemberData(nameof(Logins))]
    public void A_refusal_may_end_the_session(string protocol, string login, string refusal)
    {
        var session = HeldLogins.Start(protocol);
        session.Refusal = new LoginRefusal(Words, null, endsSession: true);
        session.Client(login);

        Assert.EndsWith(refusal, session.ToClient, StringComparison.Ordinal);
        Assert.Equal(CloseReason.LoginRefused, session.Closed);
    }

    [Fact]
    public void Refusals_count_as_failed_logins()
    {
        var session = HeldLogins.Start("pop3");
        session.Refusal = new LoginRefusal("no", null, endsSession: false);
        for (var i = 0; i < HeldLoginMachine.MaxFailures; i++)
        {
            session.Client("USER a\r\nPASS b\r\n");
        }

        Assert.EndsWith("-ERR no\r\n-ERR Too many failed logins or commands\r\n", session.ToClient, StringComparison.Ordinal);
        Assert.Equal((CloseReason.TooManyLogins, 0), (session.Closed!.Value, session.ToBackendLength));
    }

    [Theory]
    [InlineData("451 4.3.0", "451 4.3.0")]
    [InlineData("454", "454")]
    [InlineData("421 4.3.0", "535 5.7.0")]
    [InlineData("235 2.7.0", "535 5.7.0")]
    [InlineData("451 5.3.0", "535 5.7.0")]
    [InlineData("451 4.3.0 a", "535 5.7.0")]
    [InlineData("451-4.3.0", "535 5.7.0")]
    [InlineData("451 4.3.0000", "535 5.7.0")]
    [InlineData("AUTHENTICATIONFAILED", "535 5.7.0")]
    [InlineData("", "535 5.7.0")]
    public void Only_a_code_of_a_failure_is_said_in_Smtp(string code, string expected) =>
        Assert.Equal(expected, new LoginRefusal("no", code, endsSession: false).Code);

    [Theory]
    [InlineData(null, "Authentication failed")]
    [InlineData("  ", "Authentication failed")]
    [InlineData("a\r\n235 ok", "a??235 ok")]
    [InlineData("grüße\u0001", "gr??e?")]
    public void Words_of_others_are_one_line_of_text(string? words, string expected) =>
        Assert.Equal(expected, new LoginRefusal(words, null, endsSession: false).Words);

    [Fact]
    public void Words_of_others_have_an_end() => Assert.Equal(256, new LoginRefusal(new string('a', 10_000), null, endsSession: false).Words.Length);
}
