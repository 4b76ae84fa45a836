using Microsoft.Extensions.Primitives;
using TlsFront.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace TlsFront.Backends;

/// <summary>Gives YARP the backends of the settings as clusters; YARP owns their destinations' state from there.</summary>
internal sealed class BackendConfigProvider : IProxyConfigProvider, IDisposable
{
    /// <summary>YARP wants URLs.</summary>
    private const string Scheme = "tcp://";

    private readonly SettingsStore _settings;
    private volatile Snapshot _current;

    public BackendConfigProvider(SettingsStore settings)
    {
        _settings = settings;
        _current = new Snapshot(Map(settings.Current.Backends));
        settings.Changed += OnChanged;
    }

    /// <summary>The <c>host:port</c> in a destination's address.</summary>
    public static string DestinationOf(string address) => address[Scheme.Length..];

    public IProxyConfig GetConfig() => _current;

    public void Dispose() => _settings.Changed -= OnChanged;

    private static ClusterConfig[] Map(IReadOnlyList<BackendSettings> backends) => [.. backends.Select(backend => new ClusterConfig
    {
        ClusterId = backend.Name,
        HealthCheck = new HealthCheckConfig
        {
            AvailableDestinationsPolicy = AvailabilityPolicy.PolicyName,
            Active = new ActiveHealthCheckConfig
            {
                Enabled = backend.Health.Interval > TimeSpan.Zero,
                Interval = backend.Health.Interval,

                // The probe keeps the time itself; this is for one that does not.
                Timeout = (2 * backend.Health.Timeout) + (backend.Health.Interval * ProbeHandler.Jitter),
                Policy = ProbePolicy.PolicyName,
            },
        },
        Destinations = backend.Destinations.Distinct().ToDictionary(
            address => address,
            address => new DestinationConfig { Address = Scheme + address }),
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
