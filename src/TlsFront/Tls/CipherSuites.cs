using System.Collections.Immutable;
using System.Net.Security;
using TlsFront.Connections;
using TlsFront.Tls.Certificates;

namespace TlsFront.Tls;

/// <summary>
/// Cipher suites of the profiles: Mozilla's server side TLS guidelines 6.0, which are what RFC 9325 section 4.2 leaves (forward secrecy and AEAD).
/// All of them are strong, so the client's order decides, as the guidelines say: a phone without AES in hardware prefers ChaCha20.
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

    private static readonly ImmutableArray<TlsCipherSuite> All = [.. Tls13, .. Ecdsa12, .. Rsa12];

    /// <summary>All suites allowed from <paramref name="minimum"/> on.</summary>
    public static ImmutableArray<TlsCipherSuite> From(TlsVersion minimum) => minimum >= TlsVersion.Tls13 ? Tls13 : All;

    /// <summary>The suites that <paramref name="version"/> uses with a certificate of type <paramref name="key"/>.</summary>
    public static ImmutableArray<TlsCipherSuite> For(TlsVersion version, CertificateKeyType key) =>
        version >= TlsVersion.Tls13 ? Tls13 : key == CertificateKeyType.Ecdsa ? Ecdsa12 : Rsa12;
}
