using System.Text;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols;

public sealed class CapabilityTests
{
    [Fact]
    public void Several_servers_offer_what_all_of_them_do()
    {
        var offer = Capability.Intersect(
        [
            [new("PIPELINING"), new("SIZE", ["20000"]), new("AUTH", ["PLAIN", "LOGIN", "XOAUTH2"]), new("DSN"), new("EXAMPLE", ["a"])],
            [new("pipelining"), new("AUTH", ["LOGIN", "PLAIN"]), new("SIZE", ["10000"]), new("EXAMPLE", ["b"])],
            [new("SIZE", ["0"]), new("PIPELINING"), new("AUTH", ["plain", "login"]), new("DSN"), new("EXAMPLE", ["a"])],
        ]);

        Assert.Equal(["PIPELINING", "SIZE 10000", "AUTH PLAIN LOGIN"], offer.Select(static item => item.ToString()));
    }

    [Theory]
    [InlineData(MailProtocol.Smtp, "250-mx|250-AUTH=PLAIN LOGIN|250-AUTH PLAIN GSSAPI|250 DSN", "250-AUTH PLAIN\r\n250 DSN\r\n")]
    [InlineData(MailProtocol.Imap, "* CAPABILITY IMAP4rev1 LANGUAGE AUTH=PLAIN AUTH=NTLM|probe OK", "IMAP4rev1 AUTH=PLAIN")]
    [InlineData(MailProtocol.Pop3, "+OK|USER|SASL PLAIN|UTF8|.", "USER\r\nSASL PLAIN\r\n")]
    [InlineData(
        MailProtocol.Sieve,
        "\"SIEVE\" \"\"|\"SASL\" \"GSSAPI\"|\"STARTTLS\"|\"LANGUAGE\" \"a\\\"b\"|OK",
        "\"SIEVE\" \"\"\r\n\"SASL\" \"\"\r\n\"STARTTLS\"\r\n")]
    public void An_offer_has_the_shape_of_its_protocol_and_no_mechanism_that_hangs_on_one_backend(object protocol, string answer, string expected)
    {
        var profile = ProtocolProfile.Of((MailProtocol)protocol);

        Assert.Equal(expected, Encoding.ASCII.GetString(profile.FormatOffer(profile.ReadCapabilities(answer.Split('|'))!.Items)));
    }

    [Fact]
    public void A_long_offer_is_cut_short()
    {
        var many = Enumerable.Range(0, 300).Select(static number => new Capability($"X{number}"));
        var offer = ProtocolProfile.Of(MailProtocol.Smtp).FormatOffer([.. many]);

        Assert.InRange(offer.Length, Capability.MaxOffer - 20, Capability.MaxOffer);
        Assert.EndsWith("250 AUTH PLAIN\r\n", Encoding.ASCII.GetString(offer), StringComparison.Ordinal);
    }
}
