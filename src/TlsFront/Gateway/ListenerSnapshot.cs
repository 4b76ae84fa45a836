using TlsFront.Configuration;
using TlsFront.Tls;

namespace TlsFront.Gateway;

/// <summary>All that one listener's connections need, as of their accept.</summary>
/// <param name="Settings">The listener.</param>
/// <param name="Backend">Its backend, for clients that no route is for.</param>
/// <param name="Tls">Its TLS policy, which knows its routes.</param>
/// <param name="LegacyTls">The same for those who may come by TLS before 1.2; null where nobody may.</param>
/// <param name="Timeouts">Deadlines.</param>
/// <param name="Backends">Every backend its sessions may go to, by name.</param>
/// <param name="LoginOffer">Capabilities offered before the login; null if logins are not held.</param>
/// <param name="IntroducesClients">Whether any of its backends wants to be told of clients in its own protocol.</param>
internal sealed record ListenerSnapshot(
    ListenerSettings Settings, BackendSettings Backend, TlsPolicy Tls, TlsPolicy? LegacyTls, TimeoutSettings Timeouts,
    IReadOnlyDictionary<string, BackendSettings> Backends, LoginOffer? LoginOffer, bool IntroducesClients)
{
    /// <summary>
    /// Whether the authorities that judged a client's certificate may say who its user is at <paramref name="target"/>: at the backend of the name
    /// that the client asked for, and those of its group; elsewhere only the listener's own, and not where another name leads under other ones.
    /// </summary>
    /// <param name="authorities">The file with the authorities.</param>
    /// <param name="named">The backend of the name that the client asked for.</param>
    /// <param name="target">Where its user is at home.</param>
    public bool MayVouch(string authorities, BackendSettings named, BackendSettings target) =>
        target.Name == named.Name
        || (named.Group is not null && target.Group == named.Group)
        || (Settings.Tls.ClientCertificates.Authorities == authorities
            && Settings.NameRoutes.All(route => route.Backend != target.Name || route.Tls.ClientCertificates.Authorities == authorities));
}
