using TlsFront.Connections;
using TlsFront.Tls;
using TlsFront.Tls.Hello;

namespace TlsFront.Tests.Tls;

/// <summary>Words for key exchange groups.</summary>
public sealed class KeyExchangeTests
{
    [Fact]
    public void The_groups_of_the_profiles_have_the_names_that_metrics_have() =>
        Assert.All(KeyExchange.Groups, static group => Assert.Contains(KeyExchange.NameOf(group), KeyExchangeGroups.All));

    [Fact]
    public void A_sentence_names_some_and_the_number_of_what_has_no_name()
    {
        Assert.Equal("secp521r1, 0xfe00", KeyExchange.Describe([NamedGroup.Secp521R1, (NamedGroup)0xFE00]));
        Assert.Equal(
            "0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006 and others",
            KeyExchange.Describe([.. Enumerable.Range(1, 7).Select(static number => (NamedGroup)number)]));
    }
}
