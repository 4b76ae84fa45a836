namespace TlsFront.ProxyProtocol;

/// <summary>
/// Names of cipher suites as OpenSSL writes them, which is what receivers of the PROXY protocol know. TLS 1.3 suites are called alike by both.
/// </summary>
internal static class OpenSslCipherNames
{
    /// <summary>OpenSSL's name for an IANA name; the IANA name itself where OpenSSL has no other.</summary>
    public static string Of(string ianaName) => ianaName switch
    {
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" => "ECDHE-ECDSA-AES128-GCM-SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" => "ECDHE-RSA-AES128-GCM-SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" => "ECDHE-ECDSA-AES256-GCM-SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" => "ECDHE-RSA-AES256-GCM-SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" => "ECDHE-ECDSA-CHACHA20-POLY1305",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" => "ECDHE-RSA-CHACHA20-POLY1305",
        _ => ianaName,
    };
}
