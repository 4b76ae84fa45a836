using System.Net;
using TlsFront.Backends;
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

    /// <summary>How its destinations share the sessions. Defaults to least sessions.</summary>
    public LoadBalancing LoadBalancing { get; init; } = LoadBalancing.LeastSessions;

    /// <summary>TLS towards it. Defaults to none.</summary>
    public BackendTlsSettings Tls { get; init; } = new();

    /// <summary>Age in which the addresses of destinations' names are looked up again. Defaults to 30 s, what cluster DNS gives its records.</summary>
    public TimeSpan ResolveEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Addresses of this machine to connect from, in turn; the kernel's choice where there is none. Each has some 28 000 ports for each destination.</summary>
    public IReadOnlyList<IPAddress> SourceAddresses { get; init; } = [];

    /// <summary>Most sessions a destination may have from this gateway; 0, the default, is no limit.</summary>
    public int MaxSessions { get; init; }

    /// <summary>Where sessions wait while every destination has that many.</summary>
    public QueueSettings Queue { get; init; } = new();

    /// <summary>How its destinations are watched.</summary>
    public HealthSettings Health { get; init; } = new();
}
