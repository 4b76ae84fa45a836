using System.Collections.Immutable;
using System.Net.Security;
using TlsFront.Connections;
using TlsFront.Tls.ClientCertificates;

namespace TlsFront.Tls;

/// <summary>
/// What an engine sets up for a handshake besides the certificate. Compared by value, so that an engine can key its contexts by it: a reload that
/// changes no term makes no new ones.
/// </summary>
internal sealed record TlsParameters
{
    /// <summary>Oldest version to negotiate; the newest is 1.3.</summary>
    public required TlsVersion MinimumVersion { get; init; }

    /// <summary>
    /// Whether it has versions and suites that RFC 8996 and RFC 9325 rule out: then the strongest suite wins, not the client's first.
    /// </summary>
    public bool IsLegacy => MinimumVersion < TlsVersion.Tls12;

    /// <summary>Suites of all versions; the client's order decides. Equal if it is the same array: take one that is shared.</summary>
    public required ImmutableArray<TlsCipherSuite> CipherSuites { get; init; }

    /// <summary>
    /// OpenSSL's security level, 0 to 5: the weakest keys, signatures and versions it deals with. Null (default) for the library's own, which speaks
    /// nothing below TLS 1.2; only a policy for clients that cannot do better asks for less. The managed engine has the library's.
    /// </summary>
    public int? SecurityLevel { get; init; }

    /// <summary>
    /// The configured name of the route, null for none. No term itself, but sessions are resumed only where they were made: names with equal terms
    /// may have other backends and certificates, and what a client verified holds for one name (RFC 6066 section 3).
    /// </summary>
    public string? Route { get; init; }

    /// <summary>By which clients' certificates are judged; null if they are asked for none. Sessions are not resumed where they are.</summary>
    public ClientCertificatePolicy? ClientCertificates { get; init; }

    /// <summary>The one ALPN id of the protocol; null if it has none, and what clients offer is to be ignored.</summary>
    public required string? ApplicationProtocol { get; init; }
}
