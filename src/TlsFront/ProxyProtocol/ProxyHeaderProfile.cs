using TlsFront.Backends;

namespace TlsFront.ProxyProtocol;

/// <summary>How one kind of backend wants to be told of the client.</summary>
/// <param name="Version">Version of the header, or none.</param>
/// <param name="MaximumLength">Bytes the receiver reads at most; a larger header is refused by it.</param>
/// <param name="TypeLengthValues">Whether version 2 carries what TLS established beside the addresses.</param>
internal sealed record ProxyHeaderProfile(ProxyHeaderVersion Version, int MaximumLength, bool TypeLengthValues)
{
    /// <summary>The specification's promise to receivers, and what Postfix reads in one peek.</summary>
    private const int Specified = 536;

    /// <summary>
    /// The profile of <paramref name="kind"/> for the configured <paramref name="version"/>. Dovecot reads up to 1500 bytes and needs the TLS
    /// facts to offer plaintext logins; Exim and Cyrus read 232 bytes; Postfix, Exim, Cyrus and OpenSMTPD skip everything beyond the addresses,
    /// so they get nothing more.
    /// </summary>
    public static ProxyHeaderProfile For(BackendKind kind, ProxyHeaderVersion version) => (version, kind) switch
    {
        (ProxyHeaderVersion.V2, BackendKind.Dovecot) => new(version, 1500, true),
        (ProxyHeaderVersion.V2, BackendKind.Generic) => new(version, Specified, true),
        (ProxyHeaderVersion.V2, BackendKind.Exim or BackendKind.Cyrus) => new(version, 232, false),
        _ => new(version, Specified, false),
    };
}
