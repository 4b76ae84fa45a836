using System.Net;

namespace TlsFront.Configuration.Schema;

/// <summary><c>limits</c>.</summary>
internal static class LimitSchema
{
    private const string Off = "no limit";
    private static readonly OptionalType<int> Count = new(new CountType(1, 10_000_000));
    private static readonly OptionalType<Rate> Rates = new(new RateType());

    /// <summary>One listener's own.</summary>
    public static readonly SettingsSection<ListenerLimitSettings> ListenerSection =
        new("limits", "How much of the gateway this listener may take.", new(),
        new Setting<ListenerLimitSettings, int?>("connections", Count,
            static limits => limits.Connections, static (limits, value) => limits with { Connections = value },
            "Most connections of this listener at once, so that one whose backend hangs leaves places for the others.")
        { DefaultWords = "none of its own" });

    public static readonly SettingsSection<LimitSettings> Section = new("limits", "How much one client may take, and how much there is.", new(),
        new Setting<LimitSettings, int?>("connections", Count,
            static limits => limits.Connections, static (limits, value) => limits with { Connections = value },
            "Most connections at once. What the limit of open files allows, two for each, is never exceeded; the start line tells which applies.")
        { DefaultWords = "what the limit of open files allows" },
        new Setting<LimitSettings, double>("memory", new PercentType(),
            static limits => limits.Memory, static (limits, value) => limits with { Memory = value },
            "Share of the memory of its control group, or of the machine, from which on new connections are refused, so that the kernel does not end "
            + "the gateway with all sessions. `100%` for no limit."),
        new Setting<LimitSettings, int?>("connectionsPerClient", Count,
            static limits => limits.ConnectionsPerClient, static (limits, value) => limits with { ConnectionsPerClient = value },
            "Most connections of one client at once. Behind one address may be a provider's whole customers, hence no default.")
        { DefaultWords = Off },
        new Setting<LimitSettings, Rate?>("connectionRate", Rates,
            static limits => limits.ConnectionRate, static (limits, value) => limits with { ConnectionRate = value },
            "How fast one client may connect. All may come at once; after that they are earned back evenly.")
        { DefaultWords = Off },
        new Setting<LimitSettings, Rate?>("handshakeRate", Rates,
            static limits => limits.HandshakeRate, static (limits, value) => limits with { HandshakeRate = value },
            "How fast one client may begin TLS handshakes, the costly part of a connection; those refused before do not count. With STARTTLS every "
            + "admitted connection counts as one.")
        { DefaultWords = Off },
        new Setting<LimitSettings, int>("ipv4Prefix", new CountType(8, 32),
            static limits => limits.V4Prefix, static (limits, value) => limits with { V4Prefix = value },
            "First bits of an IPv4 address that make one client."),
        new Setting<LimitSettings, int>("ipv6Prefix", new CountType(16, 128),
            static limits => limits.V6Prefix, static (limits, value) => limits with { V6Prefix = value },
            "First bits of an IPv6 address that make one client; a host may use every address of its /64."),
        new SettingList<LimitSettings, IPNetwork>("exempt", NetworkType.Instance,
            static limits => limits.Exempt, static (limits, values) => limits with { Exempt = NetworkSet.Of(values) },
            "Clients to which only the limits called `connections` apply: webmail, monitoring.")
        { DefaultWords = "nobody" });
}
