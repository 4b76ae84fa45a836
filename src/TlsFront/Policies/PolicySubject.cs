using System.Net;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Policies;

/// <summary>A login as policies see it: whose it is said to be, and how the client is connected.</summary>
internal readonly record struct PolicySubject
{
    /// <summary>The listener.</summary>
    public required ListenerSettings Listener { get; init; }

    /// <summary>The connection's id.</summary>
    public required string Connection { get; init; }

    /// <summary>Where the client is; null if a load balancer did not say, and no network is known to hold it.</summary>
    public required IPAddress? Client { get; init; }

    /// <summary>The user, in lower case; not verified.</summary>
    public required string User { get; init; }

    /// <summary>The server name the client asked for, in lower case, or null.</summary>
    public required string? ServerName { get; init; }

    /// <summary>What it comes by.</summary>
    public required LoginTransport Transport { get; init; }

    /// <summary>The TLS version; null in cleartext.</summary>
    public required TlsVersion? Tls { get; init; }

    /// <summary>Whether its cipher suite is weak (RFC 9325 section 4).</summary>
    public required bool HasWeakCipher { get; init; }

    /// <summary>Whether it comes by what RFC 8996 and RFC 9325 rule out.</summary>
    public bool IsLegacy => Tls < TlsVersion.Tls12 || HasWeakCipher;

    /// <summary>The JA4 fingerprint of its hello.</summary>
    public required string? Ja4 { get; init; }

    /// <summary>What its program calls itself, or null.</summary>
    public required string? Program { get; init; }

    /// <summary>The moment.</summary>
    public required DateTimeOffset Now { get; init; }
}
