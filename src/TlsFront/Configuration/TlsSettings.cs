using TlsFront.Connections;

namespace TlsFront.Configuration;

/// <summary>TLS rules of a listener or route.</summary>
/// <param name="MinimumVersion">
/// Oldest TLS version accepted: 1.2 (default, RFC 8997) or 1.3. Of a listener or a route also 1.0 and 1.1, for those whom a policy names.
/// </param>
/// <param name="Profile">Cipher suites and groups.</param>
/// <param name="UnknownName">What a client gets that asks for a name no certificate covers.</param>
/// <param name="Alpn">What a client gets that offers other protocols than the listener's.</param>
internal sealed record TlsSettings(
    TlsVersion MinimumVersion = TlsVersion.Tls12,
    TlsProfile Profile = TlsProfile.Intermediate,
    UnknownName UnknownName = UnknownName.Default,
    AlpnMode Alpn = AlpnMode.Strict)
{
    /// <summary>Certificates that clients are asked for. Defaults to none.</summary>
    public ClientCertificateSettings ClientCertificates { get; init; } = new();

    /// <summary>Whether they have versions and suites for those alone whom a policy names.</summary>
    public bool IsLegacy => Effective.MinimumVersion < TlsVersion.Tls12;

    /// <summary>The rules for everybody else.</summary>
    public TlsSettings WithoutLegacy => IsLegacy ? this with { MinimumVersion = TlsVersion.Tls12 } : this;

    /// <summary>What the rules mean: the modern profile has no suite of an older version than 1.3.</summary>
    public TlsSettings Effective => Profile == TlsProfile.Modern ? this with { MinimumVersion = TlsVersion.Tls13 } : this;
}
