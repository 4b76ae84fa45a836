namespace TlsFront.Connections;

/// <summary>What the name of a cipher suite says of it.</summary>
internal static class CipherStrength
{
    /// <summary>
    /// Whether a suite, by its IANA name, has no forward secrecy or no authenticated encryption (RFC 9325 section 4). All of TLS 1.3 have both.
    /// </summary>
    public static bool IsWeak(string suite) =>
        suite.Contains("_WITH_", StringComparison.Ordinal)
        && !((suite.StartsWith("TLS_ECDHE_", StringComparison.Ordinal) || suite.StartsWith("TLS_DHE_", StringComparison.Ordinal))
            && (suite.Contains("_GCM_", StringComparison.Ordinal) || suite.Contains("_CCM", StringComparison.Ordinal)
                || suite.Contains("_POLY1305_", StringComparison.Ordinal)));
}
