using TlsFront.Configuration;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;

namespace TlsFront.Backends;

/// <summary>Which PROXY header each product can read.</summary>
/// <remarks>
/// Maxima: Postfix reads 536 bytes at once, Dovecot 1500, Exim and Cyrus 232 and refuse what is longer; no sender may exceed 536 unless it knows
/// better (section 2.2). Postfix, Exim, Cyrus and OpenSMTPD skip every field, so they get none. Dovecot reads SSL, AUTHORITY and ALPN and skips
/// what it does not know, 2.3 and 2.4 alike, so UNIQUE_ID is safe there; it shows in packet captures and in whatever else the
/// operator puts between. A generic receiver is taken to follow the standard, which has it skip unknown fields too.
/// </remarks>
internal static class ProxyHeaderProfiles
{
    private const int V1Maximum = 107;

    private static readonly ProxyHeaderProfile None = new(ProxyHeaderVersion.None, 0);
    private static readonly ProxyHeaderProfile V1 = new(ProxyHeaderVersion.V1, V1Maximum);
    private static readonly ProxyHeaderProfile Plain = new(ProxyHeaderVersion.V2, 536);
    private static readonly ProxyHeaderProfile Small = new(ProxyHeaderVersion.V2, 232);
    private static readonly ProxyHeaderProfile Generic = new(ProxyHeaderVersion.V2, 536, ProxyTlvs.Ssl | ProxyTlvs.Authority | ProxyTlvs.UniqueId);
    private static readonly ProxyHeaderProfile Dovecot = new(
        ProxyHeaderVersion.V2, 1500, ProxyTlvs.Ssl | ProxyTlvs.Authority | ProxyTlvs.Alpn | ProxyTlvs.UniqueId);
    private static readonly ProxyHeaderProfile[] Dovecots =
        [.. ProtocolProfile.All.Select(static protocol => Dovecot with { ApplicationProtocol = protocol.ServiceName })];

    /// <summary>
    /// The header for a backend of <paramref name="kind"/> that is configured to get <paramref name="version"/> and speaks
    /// <paramref name="protocol"/>.
    /// </summary>
    public static ProxyHeaderProfile Of(BackendKind kind, ProxyHeaderVersion version, MailProtocol protocol) => (version, kind) switch
    {
        (ProxyHeaderVersion.None, _) => None,
        (ProxyHeaderVersion.V1, _) => V1,
        (_, BackendKind.Dovecot) => Dovecots[(int)protocol],
        (_, BackendKind.Exim or BackendKind.Cyrus) => Small,
        (_, BackendKind.Generic) => Generic,
        _ => Plain,
    };
}
