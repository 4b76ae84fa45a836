using TlsFront.Connections;
using TlsFront.Tls;

namespace TlsFront.Tests.Connections;

public sealed class CipherStrengthTests
{
    [Theory]
    [InlineData("TLS_AES_128_GCM_SHA256", false)]
    [InlineData("TLS_CHACHA20_POLY1305_SHA256", false)]
    [InlineData("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", false)]
    [InlineData("TLS_DHE_RSA_WITH_AES_256_CCM", false)]
    [InlineData("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", false)]
    [InlineData("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", true)]
    [InlineData("TLS_RSA_WITH_AES_128_GCM_SHA256", true)]
    [InlineData("TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256", true)]
    [InlineData("TLS_RSA_WITH_3DES_EDE_CBC_SHA", true)]
    public void Weak_is_what_lacks_forward_secrecy_or_authenticated_encryption(string suite, bool isWeak) =>
        Assert.Equal(isWeak, CipherStrength.IsWeak(suite));

    [Fact]
    public void No_profile_has_any()
    {
        Assert.DoesNotContain(CipherSuites.From(TlsVersion.Tls12), static suite => CipherStrength.IsWeak(suite.ToString()));
        Assert.Contains(CipherSuites.From(TlsVersion.Tls10), static suite => CipherStrength.IsWeak(suite.ToString()));
    }
}
