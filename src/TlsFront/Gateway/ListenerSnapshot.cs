using TlsFront.Configuration;
using TlsFront.Tls;

namespace TlsFront.Gateway;

/// <summary>All that one listener's connections need, as of their accept.</summary>
/// <param name="Settings">The listener.</param>
/// <param name="Backend">Its backend, for clients that no route is for.</param>
/// <param name="Tls">Its TLS policy, which knows its routes.</param>
/// <param name="Timeouts">Deadlines.</param>
internal sealed record ListenerSnapshot(ListenerSettings Settings, BackendSettings Backend, TlsPolicy Tls, TimeoutSettings Timeouts);
