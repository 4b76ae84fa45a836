namespace TlsFront.Connections;

/// <summary>
/// Key exchange groups by their names in IANA's registry "TLS Supported Groups", which is what logs, metrics and header fields say.
/// </summary>
internal static class KeyExchangeGroups
{
    /// <summary>What a metric says of a group that is not known here, so that its labels are a closed list.</summary>
    public const string Other = "other";

    private static readonly string[] Known =
    [
        "x25519", "secp256r1", "secp384r1", "secp521r1", "x448", "X25519MLKEM768", "SecP256r1MLKEM768", "SecP384r1MLKEM1024", "MLKEM512", "MLKEM768",
        "MLKEM1024",
        "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1", "brainpoolP256r1tls13", "brainpoolP384r1tls13", "brainpoolP512r1tls13",
        "ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192",
    ];

    /// <summary>Every name that is known here.</summary>
    public static IReadOnlyList<string> All => Known;

    /// <summary>IANA's name of the group that OpenSSL calls <paramref name="name"/>; null for one that is not known here.</summary>
    public static string? FromOpenSsl(string? name) => name switch
    {
        null => null,
        "prime256v1" or "P-256" => "secp256r1",
        "P-384" => "secp384r1",
        "P-521" => "secp521r1",
        // Versions of OpenSSL differ in the letters' case.
        _ => Array.Find(Known, known => known.Equals(name, StringComparison.OrdinalIgnoreCase)),
    };
}
