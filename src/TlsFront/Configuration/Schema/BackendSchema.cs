using System.Net;
using TlsFront.Backends;
using TlsFront.ProxyProtocol;

namespace TlsFront.Configuration.Schema;

/// <summary><c>backends</c>.</summary>
internal static class BackendSchema
{
    public static readonly Setting<string> Name = new("name", new NameType(),
        "Unique; the backend in logs and metrics.")
    { IsRequired = true };

    public static readonly Setting<BackendKind> Kind = new("kind",
        new ChoiceType<BackendKind>(
            ("postfix", BackendKind.Postfix), ("dovecot", BackendKind.Dovecot), ("exim", BackendKind.Exim), ("cyrus", BackendKind.Cyrus),
            ("opensmtpd", BackendKind.OpenSmtpd), ("haraka", BackendKind.Haraka), ("generic", BackendKind.Generic)),
        "The product that listens there; sets the defaults below it.")
    { Default = BackendKind.Generic };

    public static readonly SettingList<string> Destinations = new("destinations", new DestinationType(),
        "Its servers, all equal.")
    { IsRequired = true };

    public static readonly Setting<ProxyHeaderVersion> ProxyProtocol = new("proxyProtocol",
        new ChoiceType<ProxyHeaderVersion>(("v1", ProxyHeaderVersion.V1), ("v2", ProxyHeaderVersion.V2), ("none", ProxyHeaderVersion.None)),
        "PROXY protocol header by which the backend learns the client's address. The backend must expect it.")
    { DefaultWords = "by `kind`: `v1` for haraka, `none` for cyrus and generic, else `v2`" };

    public static readonly Setting<LoadBalancing> LoadBalancing = new("loadBalancing",
        new ChoiceType<LoadBalancing>(
            ("leastSessions", Configuration.LoadBalancing.LeastSessions), ("roundRobin", Configuration.LoadBalancing.RoundRobin), ("random", Configuration.LoadBalancing.Random),
            ("powerOfTwoSessions", Configuration.LoadBalancing.PowerOfTwoSessions), ("firstAvailable", Configuration.LoadBalancing.FirstAvailable)),
        "How they share the sessions. `leastSessions`: to the one with the fewest, in turn among equals; `powerOfTwoSessions`: to the one with fewer of two at random, for many gateways; `firstAvailable`: the first of the list, the others stand by.")
    { Default = Configuration.LoadBalancing.LeastSessions };

    public static readonly Setting<TimeSpan> ResolveEvery = new("resolveEvery", new DurationType(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)),
        "Age in which names of destinations are looked up again. A name is one destination, its addresses are tried in turn; while it cannot be resolved the last addresses serve.")
    { Default = TimeSpan.FromSeconds(30) };

    public static readonly SettingList<IPAddress> SourceAddresses = new("sourceAddresses", new SourceAddressType(),
        "Addresses of this machine to connect from, in turn: each has some 28 000 ports for each destination.");

    public static readonly Setting<int> MaxSessions = new("maxSessions", new CountType(0, 1_000_000),
        "Sessions that one destination may have from this gateway; `0`: any number.")
    { Default = 0 };

    public static readonly SettingsSection Section = new("backends", "The mail servers behind the gateway.",
        Name, Kind, Destinations, ProxyProtocol, LoadBalancing, ResolveEvery, SourceAddresses, MaxSessions, QueueSchema.Section, BackendTlsSchema.Section, HealthSchema.Section)
    { IsList = true, IsRequired = true };
}
