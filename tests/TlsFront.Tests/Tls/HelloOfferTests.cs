using TlsFront.Connections;
using TlsFront.Tls.Hello;

namespace TlsFront.Tests.Tls;

/// <summary>What a client could do, whatever it got.</summary>
public sealed class HelloOfferTests
{
    [Theory]
    [InlineData(0x0303, new ushort[] { 0xc02f, 0x002f }, "1.2", true)]
    [InlineData(0x0303, new ushort[] { 0x009c, 0xc013, 0x00ff, 0x5600 }, "1.2", false)]
    [InlineData(0x0303, new ushort[] { 0x00a2, 0xc030, 0x0000 }, "1.2", true)]
    [InlineData(0x0303, new ushort[] { 0x00a6, 0xd00d }, "1.2", false)]
    [InlineData(0x0303, new ushort[] { 0x1301, 0x1303, 0x002f }, "1.2", false)]
    [InlineData(0x0302, new ushort[] { 0xc02f, 0x002f }, "1.1", false)]
    [InlineData(0x0301, new ushort[] { 0x002f }, "1.0", false)]
    public void Of_a_hello_before_1_3(int version, ushort[] suites, string expected, bool isStrong) => Assert.Equal(
        new TlsOffer(Version(expected), isStrong), Of(new HelloBuilder { LegacyVersion = (ushort)version, Suites = suites }));

    [Fact]
    public void Of_a_hello_of_1_3() => Assert.Equal(
        new TlsOffer(TlsVersion.Tls13, HasStrongCipher: true), Of(new HelloBuilder { Suites = [0x1301, 0x002f] }.Versions(0x0304, 0x0303)));

    [Theory]
    [InlineData("1.3", true, "1.0", true, "offers TLS 1.3: held down by this gateway's settings or certificate")]
    [InlineData("1.2", true, "1.2", true, "offers strong cipher suites: held down by this gateway's settings or certificate")]
    [InlineData("1.2", false, "1.2", true, "offers at most TLS 1.2, without a strong cipher suite")]
    [InlineData("1.2", true, "1.2", false, "offers at most TLS 1.2")]
    [InlineData("1.0", false, "1.0", true, "offers at most TLS 1.0")]
    [InlineData("1.3", true, "1.3", false, null)]
    public void Who_is_held_down_is_told_from_who_cannot(string best, bool isStrong, string used, bool isWeak, string? words) =>
        Assert.Equal(words, ClientWords.OfOffer(new(Version(best), isStrong), Version(used), isWeak));

    [Fact]
    public void What_is_not_known_is_not_said()
    {
        Assert.Null(ClientWords.OfOffer(null, TlsVersion.Tls10, hasWeakCipher: true));
        Assert.Null(ClientWords.OfOffer(null, null, hasWeakCipher: false));
    }

    private static TlsVersion Version(string number) => TlsVersions.Parse(number)!.Value;

    private static TlsOffer? Of(HelloBuilder hello)
    {
        Assert.True(ClientHelloParser.TryParse(hello.Message().AsSpan(4), out var read, out var refusal), refusal?.Detail);
        return HelloOffer.Of(read!);
    }
}
