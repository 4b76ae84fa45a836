using System.Collections.Frozen;
using TlsFront.Configuration;
using TlsFront.Tls;

namespace TlsFront.Gateway;

/// <summary>The current snapshot of every listener, by name; replaced as a whole when settings change.</summary>
internal sealed partial class ListenerTable : IDisposable
{
    private readonly SettingsStore _settings;
    private readonly CertificateStore _certificates;
    private readonly TicketKeyStore _ticketKeys;
    private readonly ILogger _logger;
    private volatile FrozenDictionary<string, ListenerSnapshot> _current;

    public ListenerTable(SettingsStore settings, CertificateStore certificates, TicketKeyStore ticketKeys, ILogger<ListenerTable> logger)
    {
        _settings = settings;
        _certificates = certificates;
        _ticketKeys = ticketKeys;
        _logger = logger;
        _current = Build(settings.Current);
        settings.Changed += OnChanged;
    }

    /// <summary>The snapshot for a connection accepted now; null for a listener that the settings no longer have.</summary>
    public ListenerSnapshot? Find(string name) => _current.GetValueOrDefault(name);

    public void Dispose() => _settings.Changed -= OnChanged;

    private void OnChanged(GatewaySettings old, GatewaySettings now)
    {
        foreach (var problem in _certificates.UpdateSources(now.Certificates, now.CertificatesOfRoutes))
        {
            Log.CertificatesKept(_logger, problem);
        }

        foreach (var problem in _ticketKeys.UpdateFiles(now.TicketKeys))
        {
            Log.TicketKeysKept(_logger, problem);
        }

        _current = Build(now);
    }

    private FrozenDictionary<string, ListenerSnapshot> Build(GatewaySettings settings)
    {
        var backends = settings.Backends.ToDictionary(backend => backend.Name);
        return settings.Listeners.ToFrozenDictionary(
            listener => listener.Name,
            listener => new ListenerSnapshot(
                listener,
                backends[listener.Backend],
                new TlsPolicy(listener.Tls, listener.Protocol, _certificates, listener.Routes.Select(route => (route, backends[route.Backend]))),
                settings.Timeouts));
    }

    private static partial class Log
    {
        [LoggerMessage(310, LogLevel.Error, "The certificates of before the reload are kept until this is mended: {Problem}", EventName = "CertificatesKept")]
        public static partial void CertificatesKept(ILogger logger, string problem);

        [LoggerMessage(311, LogLevel.Error, "The session ticket keys of before the reload are kept until this is mended: {Problem}", EventName = "TicketKeysKept")]
        public static partial void TicketKeysKept(ILogger logger, string problem);
    }
}
