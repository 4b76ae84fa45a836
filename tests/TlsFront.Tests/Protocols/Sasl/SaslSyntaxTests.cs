using System.Text;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Tests.Protocols.Sasl;

public class SaslSyntaxTests
{
    [Theory]
    [InlineData("PLAIN", true)]
    [InlineData("scram-sha-256-plus", true)]
    [InlineData("KERBEROS_V4", true)]
    [InlineData("A", true)]
    [InlineData("ABCDEFGHIJKLMNOPQRST", true)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTU", false)]
    [InlineData("", false)]
    [InlineData(" PLAIN", false)]
    [InlineData("PLAIN ", false)]
    [InlineData("PLAIN\t", false)]
    [InlineData("\"PLAIN\"", false)]
    [InlineData("PLAIN=", false)]
    [InlineData("PL\u00C4IN", false)]
    [InlineData("{5}", false)]
    public void A_mechanism_is_named_as_RFC_4422_has_it(string name, bool isName) =>
        Assert.Equal(isName, SaslMechanisms.IsName(Encoding.Latin1.GetBytes(name)));

    [Theory]
    [InlineData("PLAIN", true, true)]
    [InlineData("SCRAM-SHA-256", true, true)]
    [InlineData("scram-sha-256-plus", false, false)]
    [InlineData("GSSAPI", true, false)]
    [InlineData("gss-spnego", true, false)]
    [InlineData("DIGEST-MD5", true, false)]
    [InlineData("Kerberos_V4", true, false)]
    [InlineData("GS2-KRB5-PLUS", false, false)]
    public void Channel_binding_survives_no_termination_and_a_security_layer_no_reading(string mechanism, bool termination, bool reading)
    {
        Assert.Equal(termination, SaslMechanisms.SurvivesTermination(Encoding.ASCII.GetBytes(mechanism)));
        Assert.Equal(reading, SaslMechanisms.SurvivesReading(Encoding.ASCII.GetBytes(mechanism)));
    }

    [Theory]
    [InlineData("AGJvYgBzZWNyZXQ=", true)]
    [InlineData("YQ==", true)]
    [InlineData("YWJj", true)]
    [InlineData("+/+/", true)]
    [InlineData("YWI", true)]
    [InlineData("=", true)]
    [InlineData("", false)]
    [InlineData("==", false)]
    [InlineData("*", false)]
    [InlineData("YQ===", false)]
    [InlineData("=AAA", false)]
    [InlineData("AAA=BBB=", false)]
    [InlineData(" YWJj", false)]
    [InlineData("YWJj ", false)]
    [InlineData("YWJj YWJj", false)]
    [InlineData("YWJj\tYWJj", false)]
    [InlineData("YW-_", false)]
    [InlineData("YWJj{4+}", false)]
    public void An_initial_response_is_base64_or_the_sign_of_an_empty_one(string argument, bool isResponse) =>
        Assert.Equal(isResponse, SaslResponse.IsInitial(Encoding.Latin1.GetBytes(argument)));

    [Theory]
    [InlineData("PLAIN", "PLAIN", "")]
    [InlineData("PLAIN =", "PLAIN", "=")]
    [InlineData("plain YWJj", "plain", "YWJj")]
    [InlineData("", null, null)]
    [InlineData(" PLAIN", null, null)]
    [InlineData("PLAIN ", null, null)]
    [InlineData("PLAIN  YWJj", null, null)]
    [InlineData("PLAIN YWJj ", null, null)]
    [InlineData("PLAIN YWJj YWJj", null, null)]
    [InlineData("PLAIN\tYWJj", null, null)]
    public void The_arguments_of_AUTH_stand_one_space_apart(string arguments, string? mechanism, string? response)
    {
        var isCommand = SaslCommand.TryParse(Encoding.Latin1.GetBytes(arguments), out var name, out var initial);
        Assert.Equal(mechanism is not null, isCommand);
        Assert.True(!isCommand || (Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(initial)) == (mechanism, response));
    }

    [Theory]
    [InlineData("AGJvYgBzZWNyZXQ=", true)]
    [InlineData("", true)]
    [InlineData("=", true)]
    [InlineData("*", true)]
    [InlineData("**", false)]
    [InlineData("* ", false)]
    [InlineData("XCLIENT ADDR=192.0.2.1", false)]
    [InlineData("a LOGIN bob secret", false)]
    public void An_answer_to_a_challenge_may_also_be_empty_or_cancel(string line, bool isAnswer) =>
        Assert.Equal(isAnswer, SaslResponse.IsAnswer(Encoding.Latin1.GetBytes(line)));
}
