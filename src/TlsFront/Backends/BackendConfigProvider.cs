using Microsoft.Extensions.Primitives;
using TlsFront.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace TlsFront.Backends;

/// <summary>Gives YARP the backends of the settings as clusters; YARP owns their destinations' state from there.</summary>
internal sealed class BackendConfigProvider : IProxyConfigProvider, IDisposable
{
    private readonly SettingsStore _settings;
    private volatile Snapshot _current;

    public BackendConfigProvider(SettingsStore settings)
    {
        _settings = settings;
        _current = new Snapshot(Map(settings.Current.Backends));
        settings.Changed += OnChanged;
    }

    public IProxyConfig GetConfig() => _current;

    public void Dispose() => _settings.Changed -= OnChanged;

    private static ClusterConfig[] Map(IReadOnlyList<BackendSettings> backends) => [.. backends.Select(backend => new ClusterConfig
    {
        ClusterId = backend.Name,
        Destinations = backend.Destinations.Distinct().ToDictionary(
            address => address,
            address => new DestinationConfig { Address = $"tcp://{address}" }),
    })];

    private void OnChanged(GatewaySettings old, GatewaySettings now)
    {
        var previous = _current;
        _current = new Snapshot(Map(now.Backends));
        previous.SignalChange();
    }

    private sealed class Snapshot(IReadOnlyList<ClusterConfig> clusters) : IProxyConfig
    {
        private readonly ConfigurationReloadToken _changed = new();

        public IReadOnlyList<RouteConfig> Routes => [];

        public IReadOnlyList<ClusterConfig> Clusters => clusters;

        public IChangeToken ChangeToken => _changed;

        public void SignalChange() => _changed.OnReload();
    }
}
