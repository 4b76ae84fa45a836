using System.Net;

namespace TlsFront.Configuration.Schema;

/// <summary><c>limits</c>.</summary>
internal static class LimitSchema
{
    private const string Off = "no limit";
    private static readonly LimitSettings Defaults = new();
    private static readonly OptionalType<int> Count = new(new CountType(1, 10_000_000));
    private static readonly OptionalType<Rate> Rates = new(new RateType());

    public static readonly Setting<int?> Connections = new("connections", Count,
        "Most connections at once. What the limit of open files allows, two for each, is never exceeded; the start line tells which applies.")
    { DefaultWords = "what the limit of open files allows" };

    public static readonly Setting<int?> ConnectionsPerClient = new("connectionsPerClient", Count,
        "Most connections of one client at once. Behind one address may be a provider's whole customers, hence no default.")
    { DefaultWords = Off };

    public static readonly Setting<Rate?> ConnectionRate = new("connectionRate", Rates,
        "How fast one client may connect. All may come at once; after that they are earned back evenly.")
    { DefaultWords = Off };

    public static readonly Setting<Rate?> HandshakeRate = new("handshakeRate", Rates,
        "How fast one client may begin TLS handshakes, the costly part of a connection; those refused before do not count.")
    { DefaultWords = Off };

    public static readonly Setting<int> V4Prefix = new("ipv4Prefix", new CountType(8, 32),
        "First bits of an IPv4 address that make one client.")
    { Default = Defaults.V4Prefix };

    public static readonly Setting<int> V6Prefix = new("ipv6Prefix", new CountType(16, 128),
        "First bits of an IPv6 address that make one client; a host may use every address of its /64.")
    { Default = Defaults.V6Prefix };

    public static readonly SettingList<IPNetwork> Exempt = new("exempt", NetworkType.Instance,
        "Clients to which only `connections` applies: webmail, monitoring, load balancers' own checks.")
    { DefaultWords = "nobody" };

    public static readonly SettingsSection Section = new("limits", "How much one client may take, and how much there is.",
        Connections, ConnectionsPerClient, ConnectionRate, HandshakeRate, V4Prefix, V6Prefix, Exempt);
}
