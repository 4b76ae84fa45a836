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
    [InlineData("YWxpY2U")]
    public void What_is_not_base64_names_nobody(string response) => Assert.Null(Read("LOGIN", response));

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
    public void Only_the_first_response_can_name_the_user()
    {
        var dialogue = default(SaslDialogue);
        dialogue.Begin("LOGIN"u8, default);
        dialogue.Respond("YWxpY2U="u8);
        dialogue.Respond("c2VjcmV0"u8);
        Assert.Equal("alice", dialogue.User);
    }

    [Theory]
    [InlineData("PLAIN", true)]
    [InlineData("SCRAM-SHA-256", true)]
    [InlineData("scram-sha-256-plus", false)]
    [InlineData("GSSAPI", false)]
    [InlineData("DIGEST-MD5", false)]
    [InlineData("Kerberos_V4", false)]
    public void Channel_binding_and_security_layers_do_not_survive_termination(string mechanism, bool survives) =>
        Assert.Equal(survives, SaslMechanisms.SurvivesTermination(Encoding.ASCII.GetBytes(mechanism)));

    private static string? Read(string mechanism, string base64) =>
        SaslUserName.FromInitialResponse(SaslMechanisms.Parse(Encoding.ASCII.GetBytes(mechanism)), Encoding.ASCII.GetBytes(base64));
}
