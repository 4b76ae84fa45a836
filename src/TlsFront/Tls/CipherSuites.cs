using System.Collections.Immutable;
using System.Net.Security;
using TlsFront.Connections;
using TlsFront.Tls.Certificates;

namespace TlsFront.Tls;

/// <summary>
/// Cipher suites of the profiles: Mozilla's server side TLS guidelines 6.0, which are what RFC 9325 section 4.2 leaves (forward secrecy and AEAD).
/// All of them are strong, so the client's order decides, as the guidelines say: a phone without AES in hardware prefers ChaCha20.
/// <para>Below TLS 1.2 those of before come behind them (RFC 5246 appendix A.5, RFC 8422 section 6): for them the order is the gateway's.</para>
/// </summary>
internal static class CipherSuites
{
    private static readonly ImmutableArray<TlsCipherSuite> Tls13 =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
    ];

    private static readonly ImmutableArray<TlsCipherSuite> Ecdsa12 =
    [
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    private static readonly ImmutableArray<TlsCipherSuite> Rsa12 =
    [
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    private static readonly ImmutableArray<TlsCipherSuite> EcdsaLegacy =
    [
        .. Ecdsa12,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
    ];

    private static readonly ImmutableArray<TlsCipherSuite> RsaLegacy =
    [
        .. Rsa12,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
        TlsCipherSuite.TLS_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA,
    ];

    private static readonly ImmutableArray<TlsCipherSuite> All = [.. Tls13, .. Ecdsa12, .. Rsa12];

    private static readonly ImmutableArray<TlsCipherSuite> WithLegacy = [.. Tls13, .. EcdsaLegacy, .. RsaLegacy];

    /// <summary>All suites allowed from <paramref name="minimum"/> on.</summary>
    public static ImmutableArray<TlsCipherSuite> From(TlsVersion minimum) =>
        minimum >= TlsVersion.Tls13 ? Tls13 : minimum >= TlsVersion.Tls12 ? All : WithLegacy;

    /// <summary>The suites that <paramref name="version"/> uses with a certificate of type <paramref name="key"/>.</summary>
    /// <param name="version">The client's version.</param>
    /// <param name="key">The certificate's type.</param>
    /// <param name="minimum">The oldest version allowed.</param>
    public static ImmutableArray<TlsCipherSuite> For(TlsVersion version, CertificateKeyType key, TlsVersion minimum) =>
        version >= TlsVersion.Tls13 ? Tls13
        : minimum >= TlsVersion.Tls12 ? (key == CertificateKeyType.Ecdsa ? Ecdsa12 : Rsa12)
        : key == CertificateKeyType.Ecdsa ? EcdsaLegacy
        : RsaLegacy;
}
