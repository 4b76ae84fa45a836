namespace TlsFront.Connections;

/// <summary>
/// What OpenSSL calls versions and cipher suites: receivers of PROXY headers expect its names, as HAProxy sends them, and services that are asked for
/// backends, as nginx does.
/// </summary>
internal static class OpenSslNames
{
    /// <summary>Name of a version.</summary>
    public static string Of(TlsVersion version) => version switch
    {
        TlsVersion.Ssl3 => "SSLv3",
        TlsVersion.Tls10 => "TLSv1",
        TlsVersion.Tls11 => "TLSv1.1",
        TlsVersion.Tls12 => "TLSv1.2",
        TlsVersion.Tls13 => "TLSv1.3",
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, null),
    };

    /// <summary>Name of the cipher suite with an IANA name; null for a suite of no profile.</summary>
    public static string? Of(string cipherSuite) => cipherSuite switch
    {
        // OpenSSL took the IANA names for TLS 1.3.
        "TLS_AES_128_GCM_SHA256" or "TLS_AES_256_GCM_SHA384" or "TLS_CHACHA20_POLY1305_SHA256" => cipherSuite,
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" => "ECDHE-ECDSA-AES128-GCM-SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" => "ECDHE-ECDSA-AES256-GCM-SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" => "ECDHE-ECDSA-CHACHA20-POLY1305",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" => "ECDHE-RSA-AES128-GCM-SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" => "ECDHE-RSA-AES256-GCM-SHA384",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" => "ECDHE-RSA-CHACHA20-POLY1305",
        _ => null,
    };
}
