using TlsFront.Configuration;
using TlsFront.Tls;

namespace TlsFront.Gateway;

/// <summary>All that one listener's connections need, as of their accept.</summary>
/// <param name="Settings">The listener.</param>
/// <param name="Backend">Its backend, for clients that no route is for.</param>
/// <param name="Tls">Its TLS policy, which knows its routes.</param>
/// <param name="Timeouts">Deadlines.</param>
/// <param name="Backends">Every backend its sessions may go to, by name.</param>
/// <param name="LoginOffer">Capabilities offered before the login; null if logins are not held.</param>
/// <param name="IntroducesClients">Whether any of its backends wants to be told of clients in its own protocol.</param>
internal sealed record ListenerSnapshot(
    ListenerSettings Settings, BackendSettings Backend, TlsPolicy Tls, TimeoutSettings Timeouts,
    IReadOnlyDictionary<string, BackendSettings> Backends, LoginOffer? LoginOffer, bool IntroducesClients);
