namespace TlsFront.Configuration.Schema;

/// <summary>
/// Regular expressions of addresses for the JSON schema.
/// IPv6 is told by its characters alone: its whole grammar is more than anybody would read there.
/// </summary>
internal static class AddressPatterns
{
    private const string Octet = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

    /// <summary>1 to 65535.</summary>
    public const string Port = "0*(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})";

    /// <summary>Four numbers without leading zeros.</summary>
    public const string IPv4 = $"({Octet}\\.){{3}}{Octet}";

    /// <summary>At least one colon, and perhaps a zone (RFC 4007).</summary>
    public const string IPv6 = "[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(%[^\\]]*)?";

    /// <summary>As it stands before a port.</summary>
    public const string BracketedIPv6 = $"\\[{IPv6}\\]";

    /// <summary>An address, or one with the length of its prefix.</summary>
    public const string Network = $"({IPv4}(/0*(3[0-2]|[12]?[0-9]))?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(/0*(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)";
}
