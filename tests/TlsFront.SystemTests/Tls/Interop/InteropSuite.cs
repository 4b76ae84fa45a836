namespace TlsFront.SystemTests.Tls.Interop;

/// <summary>A version of TLS and an AEAD, which together are a cipher suite, by the names that clients have for it.</summary>
/// <param name="Version">1.2 or 1.3.</param>
/// <param name="Aead">The AEAD as GnuTLS calls it.</param>
/// <param name="Iana">IANA's name, which is Java's, Go's and .NET's as well.</param>
/// <param name="OpenSsl">OpenSSL's name.</param>
/// <param name="Number">Its number in hexadecimal, NSS's name.</param>
public sealed record InteropSuite(string Version, string Aead, string Iana, string OpenSsl, string Number)
{
    /// <summary>All that there are; those of TLS 1.2 with the gateway's ECDSA certificate.</summary>
    public static IReadOnlyList<InteropSuite> All { get; } =
    [
        new("1.3", "AES-128-GCM", "TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256", "1301"),
        new("1.3", "AES-256-GCM", "TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384", "1302"),
        new("1.3", "CHACHA20-POLY1305", "TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256", "1303"),
        new("1.2", "AES-128-GCM", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256", "C02B"),
        new("1.2", "AES-256-GCM", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384", "C02C"),
        new("1.2", "CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305", "CCA9"),
    ];

    /// <summary>The one with a name of IANA's.</summary>
    public static InteropSuite Named(string iana) => All.Single(suite => suite.Iana == iana);
}
