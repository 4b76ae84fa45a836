using System.Net;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;

namespace TlsFront.Configuration;

/// <summary>One group of equal servers.</summary>
internal sealed record BackendSettings
{
    /// <summary>Unique name, the YARP cluster id and the <c>tlsfront.backend</c> tag.</summary>
    public required string Name { get; init; }

    /// <summary>The product that listens there; sets the defaults of the rest.</summary>
    public required BackendKind Kind { get; init; }

    /// <summary><c>host:port</c> each, at least one; IPv6 literals in brackets.</summary>
    public required IReadOnlyList<string> Destinations { get; init; }

    /// <summary>Whether and how the client's address is announced.</summary>
    public required ProxyHeaderVersion ProxyProtocol { get; init; }

    /// <summary>
    /// How it learns whose session it serves. Defaults to <see cref="ClientIdentity.Proxy"/>: by what <see cref="ProxyProtocol"/> says, which is none
    /// with any other value.
    /// </summary>
    public ClientIdentity Identity { get; init; }

    /// <summary>Whether it is told of the client in its own protocol.</summary>
    public bool IsIntroducedInDialogue => Identity is ClientIdentity.XClient or ClientIdentity.Id;

    /// <summary>How its destinations share the sessions. Defaults to least sessions.</summary>
    public LoadBalancing LoadBalancing { get; init; } = LoadBalancing.LeastSessions;

    /// <summary>
    /// What keeps sessions at one destination, whatever the others have. Defaults to nothing: only storage that several servers share needs it.
    /// </summary>
    public Stickiness Stickiness { get; init; }

    /// <summary>An account that logs users in who have a certificate. Defaults to none.</summary>
    public MasterSettings Master { get; init; } = new();

    /// <summary>
    /// Backends of one group have the mail of the same users, most often for other protocols: what happens to a host or a user in one of them counts
    /// in all. Null, the default, for none.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>TLS towards it. Defaults to none.</summary>
    public BackendTlsSettings Tls { get; init; } = new();

    /// <summary>
    /// Age in which the addresses of destinations' names are looked up again. Defaults to 30 s, what cluster DNS gives its records.
    /// </summary>
    public TimeSpan ResolveEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Addresses of this machine to connect from, in turn; the kernel's choice where there is none. Each has some 28 000 ports for each destination.
    /// </summary>
    public IReadOnlyList<IPAddress> SourceAddresses { get; init; } = [];

    /// <summary>Most sessions a destination may have from this gateway; 0, the default, is no limit.</summary>
    public int MaxSessions { get; init; }

    /// <summary>Where sessions wait while all permitted destinations have that many.</summary>
    public QueueSettings Queue { get; init; } = new();

    /// <summary>How its destinations are watched.</summary>
    public HealthSettings Health { get; init; } = new();
}
