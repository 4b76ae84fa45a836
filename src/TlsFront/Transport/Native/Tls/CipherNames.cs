using System.Net.Security;

namespace TlsFront.Transport.Native.Tls;

/// <summary>OpenSSL's names for cipher suites: its own up to TLS 1.2, IANA's from 1.3 on.</summary>
internal static class CipherNames
{
    /// <summary>Whether the suite is one of TLS 1.3, which OpenSSL sets apart (RFC 8446 appendix B.4).</summary>
    public static bool IsTls13(TlsCipherSuite suite) => (ushort)suite >> 8 == 0x13;

    /// <summary>OpenSSL's name of a suite up to TLS 1.2.</summary>
    public static string Of(TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 => "ECDHE-ECDSA-AES128-GCM-SHA256",
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 => "ECDHE-ECDSA-AES256-GCM-SHA384",
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 => "ECDHE-ECDSA-CHACHA20-POLY1305",
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 => "ECDHE-RSA-AES128-GCM-SHA256",
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 => "ECDHE-RSA-AES256-GCM-SHA384",
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 => "ECDHE-RSA-CHACHA20-POLY1305",
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA => "ECDHE-ECDSA-AES128-SHA",
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA => "ECDHE-ECDSA-AES256-SHA",
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA => "ECDHE-RSA-AES128-SHA",
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA => "ECDHE-RSA-AES256-SHA",
        TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256 => "AES128-GCM-SHA256",
        TlsCipherSuite.TLS_RSA_WITH_AES_256_GCM_SHA384 => "AES256-GCM-SHA384",
        TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA => "AES128-SHA",
        TlsCipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA => "AES256-SHA",
        _ => throw new ArgumentOutOfRangeException(nameof(suite), suite, "The native engine has no name for this suite."),
    };
}
