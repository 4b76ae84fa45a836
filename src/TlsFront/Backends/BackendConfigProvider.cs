using Microsoft.Extensions.Primitives;
using TlsFront.Backends.Probes;
using TlsFront.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace TlsFront.Backends;

/// <summary>Gives YARP the backends of the settings as clusters; YARP owns their destinations' state from there.</summary>
internal sealed class BackendConfigProvider : IProxyConfigProvider, IDisposable
{
    /// <summary>YARP wants URLs.</summary>
    private const string Scheme = "tcp://";

    private readonly IConfigValidator _validator;
    private readonly IDisposable[] _subscriptions;
    private volatile Snapshot _current;

    public BackendConfigProvider(SettingsStore settings, BackendAuthorities authorities, IConfigValidator validator)
    {
        _validator = validator;
        _current = new Snapshot(Map(settings.Current.Backends));
        authorities.Prepare(settings.Current.Backends).Commit();
        _subscriptions =
        [
            settings.Subscribe("authorities of backends", (_, now) => authorities.Prepare(now.Backends)),
            settings.Subscribe("backends", (_, now) => Prepare(Map(now.Backends))),
        ];
    }

    /// <summary>The <c>host:port</c> in a destination's address.</summary>
    public static string DestinationOf(string address) => address[Scheme.Length..];

    public IProxyConfig GetConfig() => _current;

    public void Dispose() => Array.ForEach(_subscriptions, static subscription => subscription.Dispose());

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

    /// <summary>YARP takes clusters over on its own time, and would tell nobody but its log that it refuses them.</summary>
    private PreparedChange Prepare(ClusterConfig[] clusters)
    {
        var next = new Snapshot(clusters);
        return new(() =>
        {
            var previous = _current;
            _current = next;
            previous.SignalChange();
        })
        {
            Problems = [.. clusters.SelectMany(Errors)],
        };
    }

    private IEnumerable<string> Errors(ClusterConfig cluster) =>
        _validator.ValidateClusterAsync(cluster).AsTask().GetAwaiter().GetResult().Select(error => $"backend {cluster.ClusterId}: {error.Message}");

    private sealed class Snapshot(IReadOnlyList<ClusterConfig> clusters) : IProxyConfig
    {
        private readonly ConfigurationReloadToken _changed = new();

        public IReadOnlyList<RouteConfig> Routes => [];

        public IReadOnlyList<ClusterConfig> Clusters => clusters;

        public IChangeToken ChangeToken => _changed;

        public void SignalChange() => _changed.OnReload();
    }
}
