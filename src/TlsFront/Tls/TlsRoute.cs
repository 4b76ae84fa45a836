using TlsFront.Configuration;

namespace TlsFront.Tls;

/// <summary>Where the sessions of a connection go because of the server name its client asked for.</summary>
/// <param name="Name">The name or wildcard as it is configured: fit for logs and labels, unlike what the client sent.</param>
/// <param name="Backend">The backend, as of the connection's accept.</param>
internal sealed record TlsRoute(string Name, BackendSettings Backend);
