using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols;

public sealed class ProtocolProfileTests
{
    [Fact]
    public void Every_protocol_has_its_profile() =>
        Assert.Equal(Enum.GetValues<MailProtocol>(), ProtocolProfile.All.Select(static profile => profile.Protocol));

    [Theory]
    [InlineData(MailProtocol.Smtp, "submissions", 465, null)]
    [InlineData(MailProtocol.Imap, "imaps", 993, "imap")]
    [InlineData(MailProtocol.Pop3, "pop3s", 995, "pop3")]
    [InlineData(MailProtocol.Sieve, "sieves", 4190, "managesieve")]
    [InlineData(MailProtocol.Tcp, null, 0, null)]
    public void Services_are_those_of_RFC_8314_and_one_that_has_no_name_there(object protocol, string? service, int port, string? applicationProtocol)
    {
        var profile = ProtocolProfile.Of((MailProtocol)protocol);

        Assert.Equal((service, port, applicationProtocol), (profile.ImplicitTlsService, profile.ImplicitTlsPort, profile.ApplicationProtocol));
    }

    [Theory]
    [InlineData(MailProtocol.Smtp, "250-mx|250-STARTTLS|250 AUTH PLAIN LOGIN", true, true, false)]
    [InlineData(MailProtocol.Smtp, "250-mx|250-AUTH=PLAIN|250 SIZE 1", false, true, false)]
    [InlineData(MailProtocol.Smtp, "250-mx|250 AUTH SCRAM-SHA-1-PLUS", false, false, false)]
    [InlineData(MailProtocol.Imap, "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED|probe OK", true, false, true)]
    [InlineData(MailProtocol.Imap, "* CAPABILITY IMAP4rev1|probe OK", false, true, false)]
    [InlineData(MailProtocol.Pop3, "+OK|USER|STLS|.", true, true, false)]
    [InlineData(MailProtocol.Pop3, "+OK|SASL PLAIN|.", false, true, false)]
    [InlineData(MailProtocol.Pop3, "+OK|SASL|UIDL|.", false, false, true)]
    [InlineData(MailProtocol.Sieve, "\"SIEVE\" \"fileinto\"|\"SASL\" \"PLAIN LOGIN\"|\"STARTTLS\"|OK \"done\"", true, true, false)]
    [InlineData(MailProtocol.Sieve, "\"SASL\" \"SCRAM-SHA-1-PLUS\"|ok", false, false, true)]
    [InlineData(MailProtocol.Sieve, "\"sasl\" \"\"|\"starttls\"|OK", true, false, true)]
    public void Capabilities_are_read(object protocol, string answer, bool startTls, bool login, bool forbidden)
    {
        var profile = ProtocolProfile.Of((MailProtocol)protocol);
        var lines = answer.Split('|');

        Assert.True(profile.EndsCapabilities(lines[^1]));
        Assert.DoesNotContain(lines[..^1], profile.EndsCapabilities);
        var capabilities = profile.ReadCapabilities(lines);
        Assert.NotNull(capabilities);
        Assert.Equal((startTls, login, forbidden), (capabilities.OffersStartTls, capabilities.OffersLogin, capabilities.ForbidsLogin));
    }

    [Theory]
    [InlineData(MailProtocol.Smtp, "502 what")]
    [InlineData(MailProtocol.Imap, "probe BAD what")]
    [InlineData(MailProtocol.Pop3, "-ERR what")]
    [InlineData(MailProtocol.Sieve, "NO \"what\"")]
    [InlineData(MailProtocol.Sieve, "OK")]
    public void A_refusal_is_no_list(object protocol, string answer) =>
        Assert.Null(ProtocolProfile.Of((MailProtocol)protocol).ReadCapabilities([answer]));
}
