using System.Net;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;

namespace TlsFront.Configuration.Schema;

/// <summary><c>backends</c>.</summary>
internal static class BackendSchema
{
    public static readonly Setting<BackendSettings, string> Name = new("name", new NameType(),
        static backend => backend.Name, static (backend, value) => backend with { Name = value },
        "Unique; the backend in logs and metrics.")
    { IsRequired = true };

    /// <summary>It sets the defaults of what is read after it.</summary>
    public static readonly Setting<BackendSettings, BackendKind> Kind = new("kind",
        new ChoiceType<BackendKind>(
            ("postfix", BackendKind.Postfix), ("dovecot", BackendKind.Dovecot), ("exim", BackendKind.Exim), ("cyrus", BackendKind.Cyrus),
            ("opensmtpd", BackendKind.OpenSmtpd), ("haraka", BackendKind.Haraka), ("generic", BackendKind.Generic)),
        static backend => backend.Kind,
        static (backend, value) => backend with { Kind = value, ProxyProtocol = BackendKindRules.Of(value).ProxyProtocol },
        "The product that listens there; sets the defaults below it.");

    public static readonly SettingList<BackendSettings, string> Destinations = new("destinations", new DestinationType(),
        static backend => backend.Destinations, static (backend, values) => backend with { Destinations = values },
        "Its servers, all equal.")
    { IsRequired = true, Unique = StringComparer.OrdinalIgnoreCase };

    /// <summary>Any other value than <c>proxy</c> switches the header off; a <c>proxyProtocol</c> beside it is reported as a mistake.</summary>
    public static readonly Setting<BackendSettings, ClientIdentity> Identity = new("identity",
        new ChoiceType<ClientIdentity>(
            ("proxy", ClientIdentity.Proxy), ("xclient", ClientIdentity.XClient), ("id", ClientIdentity.Id), ("none", ClientIdentity.None)),
        static backend => backend.Identity,
        static (backend, value) => backend with
        {
            Identity = value,
            ProxyProtocol = value == ClientIdentity.Proxy ? backend.ProxyProtocol : ProxyHeaderVersion.None,
        },
        "How the backend learns the client's address. `proxy`: as `proxyProtocol` says; `xclient`: SMTP to Postfix, Haraka or Dovecot, POP3 to "
        + "Dovecot; `id`: IMAP to Dovecot. The backend must trust the gateway's address with it; one that refuses serves nobody. "
        + "`none`: it sees the gateway's.");

    public static readonly Setting<BackendSettings, ProxyHeaderVersion> ProxyProtocol = new("proxyProtocol",
        new ChoiceType<ProxyHeaderVersion>(("v1", ProxyHeaderVersion.V1), ("v2", ProxyHeaderVersion.V2), ("none", ProxyHeaderVersion.None)),
        static backend => backend.ProxyProtocol, static (backend, value) => backend with { ProxyProtocol = value },
        "PROXY protocol header by which the backend learns the client's address. The backend must expect it. Only with `identity: proxy`; otherwise "
        + "none is sent.")
    { DefaultWords = "by `kind`: `v1` for haraka, `none` for cyrus and generic, else `v2`" };

    public static readonly Setting<BackendSettings, LoadBalancing> LoadBalancing = new("loadBalancing",
        new ChoiceType<LoadBalancing>(
            ("leastSessions", Configuration.LoadBalancing.LeastSessions), ("roundRobin", Configuration.LoadBalancing.RoundRobin),
            ("random", Configuration.LoadBalancing.Random), ("powerOfTwoSessions", Configuration.LoadBalancing.PowerOfTwoSessions),
            ("firstAvailable", Configuration.LoadBalancing.FirstAvailable)),
        static backend => backend.LoadBalancing, static (backend, value) => backend with { LoadBalancing = value },
        "How they share the sessions. `leastSessions`: to the one with the fewest, in turn among equals; `powerOfTwoSessions`: to the one "
        + "with fewer of two at random, for many gateways; `firstAvailable`: the first of the list, the others stand by.");

    public static readonly Setting<BackendSettings, Stickiness> Stickiness = new("stickiness",
        new ChoiceType<Stickiness>(("none", Configuration.Stickiness.None), ("user", Configuration.Stickiness.User)),
        static backend => backend.Stickiness, static (backend, value) => backend with { Stickiness = value },
        "For servers that share storage (NFS, Dovecot obox). `user`: all sessions of a user go to the same destination, on every gateway. If it is "
        + "at `maxSessions` they wait; if it is unavailable they go to the user's next one. Makes listeners hold logins.");

    public static readonly Setting<BackendSettings, string?> Group = new("group", new NameType()!,
        static backend => backend.Group, static (backend, value) => backend with { Group = value },
        "The same name for all backends that have the mail of the same users, such as those for IMAP and POP3. With `stickiness: user`, new "
        + "sessions avoid a host that is unavailable or drained in any of them. `users move` moves a user in all of them.");

    public static readonly Setting<BackendSettings, TimeSpan> ResolveEvery = new("resolveEvery",
        new DurationType(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)),
        static backend => backend.ResolveEvery, static (backend, value) => backend with { ResolveEvery = value },
        "Age in which names of destinations are looked up again. A name is one destination, its addresses are tried in turn; "
        + "while it cannot be resolved the last addresses serve.");

    public static readonly SettingList<BackendSettings, IPAddress> SourceAddresses = new("sourceAddresses", new SourceAddressType(),
        static backend => backend.SourceAddresses, static (backend, values) => backend with { SourceAddresses = values },
        "Addresses of this machine to connect from, in turn: each has some 28 000 ports for each destination.")
    { Unique = EqualityComparer<IPAddress>.Default };

    public static readonly Setting<BackendSettings, int> MaxSessions = new("maxSessions", new CountType(0, 1_000_000),
        static backend => backend.MaxSessions, static (backend, value) => backend with { MaxSessions = value },
        "Sessions that one destination may have from this gateway; `0`: any number.");

    public static readonly SettingsSection<BackendSettings> Section = new("backends", "The mail servers behind the gateway.",
        new() { Name = null!, Kind = BackendKind.Generic, Destinations = [], ProxyProtocol = BackendKindRules.Of(BackendKind.Generic).ProxyProtocol },
        Name, Kind, Destinations, Identity, ProxyProtocol, LoadBalancing, Stickiness, Group, ResolveEvery, SourceAddresses, MaxSessions,
        new SettingsGroup<BackendSettings, QueueSettings>(QueueSchema.Section,
            static backend => backend.Queue, static (backend, value) => backend with { Queue = value }),
        new SettingsGroup<BackendSettings, MasterSettings>(MasterSchema.Section,
            static backend => backend.Master, static (backend, value) => backend with { Master = value }),
        new SettingsGroup<BackendSettings, BackendTlsSettings>(BackendTlsSchema.Section,
            static backend => backend.Tls, static (backend, value) => backend with { Tls = value }),
        new SettingsGroup<BackendSettings, HealthSettings>(HealthSchema.Section,
            static backend => backend.Health, static (backend, value) => backend with { Health = value }))
    { IsList = true, IsRequired = true };
}
