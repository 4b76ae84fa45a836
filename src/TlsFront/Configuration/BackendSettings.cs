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

    /// <summary>How its destinations are watched.</summary>
    public HealthSettings Health { get; init; } = new();
}
