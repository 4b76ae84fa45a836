using System.Text;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Tests.Protocols.Sasl;

public class SaslUserNameTests
{
    [Theory]
    [InlineData("PLAIN", "\0alice\0secret", "alice")]
    [InlineData("plain", "master\0alice\0secret", "alice")]
    [InlineData("PLAIN", "alice", null)]
    [InlineData("PLAIN", "\0alice", null)]
    [InlineData("PLAIN", "\0\0secret", null)]
    [InlineData("LOGIN", "alice@example.org", "alice@example.org")]
    [InlineData("EXTERNAL", "", null)]
    [InlineData("EXTERNAL", "alice", "alice")]
    [InlineData("CRAM-MD5", "joe public 0123456789abcdef", "joe public")]
    [InlineData("SCRAM-SHA-256", "n,,n=alice,r=abc", "alice")]
    [InlineData("SCRAM-SHA-1", "n,a=other,n=alice,r=abc", "alice")]
    [InlineData("SCRAM-SHA-1", "n,,n=al=2Cice,r=abc", null)]
    [InlineData("OAUTHBEARER", "n,a=alice@example.org,\u0001host=x\u0001auth=Bearer t\u0001\u0001", "alice@example.org")]
    [InlineData("OAUTHBEARER", "n,,\u0001auth=Bearer t\u0001\u0001", null)]
    [InlineData("XOAUTH2", "user=alice@example.org\u0001auth=Bearer t\u0001\u0001", "alice@example.org")]
    [InlineData("XOAUTH2", "user=alice\u0001user=bob\u0001auth=Bearer t\u0001\u0001", "bob")]
    [InlineData("XOAUTH2", "auth=Bearer t\u0001user=bob\u0001\u0001", "bob")]
    [InlineData("OAUTHBEARER", "n,a=alice,a=bob,\u0001auth=Bearer t\u0001\u0001", "bob")]
    [InlineData("OAUTHBEARER", "n,,a=bob,\u0001auth=Bearer t\u0001\u0001", "bob")]
    [InlineData("LOGIN", "bob\0x", "bob")]
    [InlineData("NTLM", "alice", null)]
    [InlineData("LOGIN", "jürgen", "jürgen")]
    public void The_name_comes_from_the_place_the_mechanism_has_it(string mechanism, string response, string? user) =>
        Assert.Equal(user, Read(mechanism, Convert.ToBase64String(Encoding.UTF8.GetBytes(response))));

    [Theory]
    [InlineData("al\nice")]
    [InlineData("al\u202Eice")]
    [InlineData("al\u2028ice")]
    [InlineData("al\u007Fice")]
    public void A_name_that_could_forge_a_log_line_is_not_reported(string name) =>
        Assert.Null(Read("LOGIN", Convert.ToBase64String(Encoding.UTF8.GetBytes(name))));

    [Theory]
    [InlineData("*")]
    [InlineData("=")]
    [InlineData("!!!")]
    [InlineData("YWxpY2U=A")]
    [InlineData("YWxpY2UhA")]
    public void What_is_not_base64_names_nobody(string response) => Assert.Null(Read("LOGIN", response));

    [Theory]
    [InlineData("YWxpY2U")]
    [InlineData("YWxpY2V=")]
    public void What_only_a_lenient_server_decodes_names_the_user_too(string response) => Assert.Equal("alice", Read("LOGIN", response));

    [Fact]
    public void A_name_before_a_password_of_any_length_is_found()
    {
        foreach (var password in new[] { "p", "pa", "pas", "pass" })
        {
            var response = Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0alice\0{password}"));
            Assert.Equal("alice", Read("PLAIN", response));
            Assert.Equal("alice", Read("PLAIN", response.TrimEnd('=')));
        }
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_name_has_at_most_256_characters(int length, bool reported) =>
        Assert.Equal(reported, Read("LOGIN", Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('a', length)))) is not null);

    [Fact]
    public void A_long_token_behind_the_name_does_not_hide_it()
    {
        var response = "user=alice\u0001auth=Bearer " + new string('t', 9000) + "\u0001\u0001";
        Assert.Equal("alice", Read("XOAUTH2", Convert.ToBase64String(Encoding.ASCII.GetBytes(response))));
    }

    [Fact]
    public void A_long_token_does_not_hide_the_name_behind_it()
    {
        var response = "user=victim\u0001auth=Bearer " + new string('t', 9000) + "\u0001user=alice\u0001\u0001";
        Assert.Equal("alice", Read("XOAUTH2", Convert.ToBase64String(Encoding.ASCII.GetBytes(response))));
    }

    [Theory]
    [InlineData("LOGIN", "=", "bob|secret", "bob")]
    [InlineData("LOGIN", "YWxpY2U=", "secret", "alice")]
    [InlineData("LOGIN", "YWxpY2U=", "bob|secret", null)]
    [InlineData("LOGIN", "YWxpY2U=", "bob|", null)]
    [InlineData("LOGIN", "", "|secret", null)]
    [InlineData("LOGIN", "=", "|secret", null)]
    [InlineData("PLAIN", "AGFsaWNlAHM=", "\0bob\0s", null)]
    [InlineData("XOAUTH2", "dXNlcj1hbGljZQFhdXRoPUJlYXJlciB0AQE=", "user=bob\u0001auth=Bearer t\u0001\u0001", null)]
    [InlineData("SCRAM-SHA-1", "biwsbj1hbGljZSxyPXg=", "c=biws,r=x,p=y|", "alice")]
    [InlineData("SCRAM-SHA-1", "biwsbj1hbGljZSxyPXg=", "n,,n=bob,r=x|c=biws,r=x,p=y", null)]
    [InlineData("CRAM-MD5", "YWxpY2UgMA==", "bob 0123456789abcdef", "bob")]
    public void An_initial_response_that_the_server_may_ignore_forges_no_name(string mechanism, string initial, string responses, string? user)
    {
        var dialogue = default(SaslDialogue);
        dialogue.Begin(Encoding.ASCII.GetBytes(mechanism), Encoding.ASCII.GetBytes(initial));
        foreach (var response in responses.Split('|'))
        {
            dialogue.Answer(Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.ASCII.GetBytes(response))));
        }

        Assert.Equal(user, dialogue.User);
    }

    [Fact]
    public void Only_the_first_response_can_name_the_user()
    {
        var dialogue = default(SaslDialogue);
        dialogue.Begin("LOGIN"u8, default);
        dialogue.Answer("YWxpY2U="u8);
        dialogue.Answer("c2VjcmV0"u8);
        Assert.Equal("alice", dialogue.User);
    }

    private static string? Read(string mechanism, string base64) =>
        SaslUserName.FromInitialResponse(SaslMechanisms.Parse(Encoding.ASCII.GetBytes(mechanism)), Encoding.ASCII.GetBytes(base64));
}
