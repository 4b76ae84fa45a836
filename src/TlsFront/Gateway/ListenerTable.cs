using System.Collections.Frozen;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.ClientCertificates;
using TlsFront.Tls.Tickets;

namespace TlsFront.Gateway;

/// <summary>The current snapshot of every listener, by name; replaced as a whole when settings change.</summary>
internal sealed class ListenerTable : IDisposable
{
    private readonly CertificateStore _certificates;
    private readonly ClientCertificateStore _clients;
    private readonly BackendPools _pools;
    private readonly IDisposable[] _subscriptions;
    private volatile FrozenDictionary<string, ListenerSnapshot> _current;

    public ListenerTable(
        SettingsStore settings, CertificateStore certificates, ClientCertificateStore clients, TicketKeyStore ticketKeys, BackendPools pools)
    {
        _certificates = certificates;
        _clients = clients;
        _pools = pools;
        _current = Build(settings.Current);
        _subscriptions =
        [
            settings.Subscribe("certificates", (_, now) => certificates.Prepare(now.Certificates, now.OwnCertificates)),
            settings.Subscribe("session ticket keys", (_, now) => ticketKeys.Prepare(now.TicketKeys)),
            settings.Subscribe("listeners", (_, now) =>
            {
                var next = Build(now);
                return new(() => _current = next);
            }),
        ];
    }

    /// <summary>The snapshot for a connection accepted now; null for a listener that the settings no longer have.</summary>
    public ListenerSnapshot? Find(string name) => _current.GetValueOrDefault(name);

    public void Dispose() => Array.ForEach(_subscriptions, static subscription => subscription.Dispose());

    private FrozenDictionary<string, ListenerSnapshot> Build(GatewaySettings settings)
    {
        var backends = settings.Backends.ToFrozenDictionary(backend => backend.Name);
        return settings.Listeners.ToFrozenDictionary(
            listener => listener.Name,
            listener => new ListenerSnapshot(
                listener,
                backends[listener.Backend],
                TlsPolicy.Of(listener.WithoutLegacy, backends, _certificates, _clients),
                listener.OldestTls < TlsVersion.Tls12 ? TlsPolicy.Of(listener, backends, _certificates, _clients) : null,
                settings.Timeouts.For(listener.Protocol),
                backends,
                settings.HoldsLogins(listener)
                    ? new LoginOffer(
                        listener.Protocol, [.. listener.AllBackends.Select(name => backends[name])], _pools, listener.AsksForCertificates)
                    : null,
                // A user map that changes, and an operator who moves a user, may name a backend that the listener's settings do not.
                (settings.HoldsLogins(listener) ? backends.Keys : listener.AllBackends).Any(name => backends[name].IsIntroducedInDialogue)));
    }
}
