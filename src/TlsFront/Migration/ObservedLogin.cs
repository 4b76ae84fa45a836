using System.Net;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Migration;

/// <summary>A login that the log tells of.</summary>
internal sealed record ObservedLogin
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The listener.</summary>
    public required string Listener { get; init; }

    /// <summary>Whether it was accepted.</summary>
    public required bool IsAccepted { get; init; }

    /// <summary>Where the client was.</summary>
    public required IPAddress Client { get; init; }

    /// <summary>Who logged in, in lower case; null where the mechanism does not show it.</summary>
    public required string? User { get; init; }

    /// <summary>The server name the client asked for.</summary>
    public required string? ServerName { get; init; }

    /// <summary>When TLS began.</summary>
    public required ListenerSecurity Security { get; init; }

    /// <summary>The TLS version.</summary>
    public required TlsVersion Tls { get; init; }

    /// <summary>The JA4 fingerprint of the client's hello.</summary>
    public required string? Ja4 { get; init; }

    /// <summary>What a policy decided on it.</summary>
    public required PolicyAction Action { get; init; }

    /// <summary>Whether it came as RFC 8314 wants logins to come: by implicit TLS, which is 1.2 or later here.</summary>
    public bool MeetsRfc8314 => Security == ListenerSecurity.Implicit;
}
