using System.Collections.Immutable;
using System.Net.Security;
using TlsFront.Connections;

namespace TlsFront.Tls;

/// <summary>
/// What an engine sets up for a handshake besides the certificate. One object per policy and compared by reference, so that an engine can key its
/// contexts, and with them its session tickets, by it: no session is resumed under other parameters than its own.
/// </summary>
internal sealed class TlsParameters
{
    /// <summary>Oldest version to negotiate; the newest is 1.3.</summary>
    public required TlsVersion MinimumVersion { get; init; }

    /// <summary>Suites of all versions; the client's order decides.</summary>
    public required ImmutableArray<TlsCipherSuite> CipherSuites { get; init; }

    /// <summary>
    /// OpenSSL's security level, 0 to 5: the weakest keys, signatures and versions it deals with. Null (default) for the library's own, which speaks nothing below TLS 1.2;
    /// only a policy for clients that cannot do better asks for less. The managed engine has the library's.
    /// </summary>
    public int? SecurityLevel { get; init; }

    /// <summary>The one ALPN id of the protocol; null if it has none, and what clients offer is to be ignored.</summary>
    public required string? ApplicationProtocol { get; init; }
}
