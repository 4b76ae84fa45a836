using TlsFront.Connections;

namespace TlsFront.Tests.Connections;

public sealed class KeyExchangeGroupsTests
{
    [Theory]
    [InlineData("x25519", "x25519")]
    [InlineData("X25519", "x25519")]
    [InlineData("prime256v1", "secp256r1")]
    [InlineData("P-256", "secp256r1")]
    [InlineData("P-384", "secp384r1")]
    [InlineData("P-521", "secp521r1")]
    [InlineData("secp256r1", "secp256r1")]
    [InlineData("X25519MLKEM768", "X25519MLKEM768")]
    [InlineData("x25519mlkem768", "X25519MLKEM768")]
    [InlineData("something new", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Groups_have_the_names_of_IANA_or_none(string? openSsl, string? expected) =>
        Assert.Equal(expected, KeyExchangeGroups.FromOpenSsl(openSsl));
}
