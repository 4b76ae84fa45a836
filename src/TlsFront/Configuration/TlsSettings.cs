using TlsFront.Connections;
using TlsFront.Tls;

namespace TlsFront.Configuration;

/// <summary>TLS rules of a listener or route.</summary>
/// <param name="MinimumVersion">Oldest TLS version accepted: 1.2 (default, RFC 8997) or 1.3.</param>
/// <param name="Profile">Cipher suites and groups.</param>
/// <param name="UnknownName">What a client gets that asks for a name no certificate covers.</param>
internal sealed record TlsSettings(TlsVersion MinimumVersion = TlsVersion.Tls12, TlsProfile Profile = TlsProfile.Intermediate, UnknownName UnknownName = UnknownName.Default);
