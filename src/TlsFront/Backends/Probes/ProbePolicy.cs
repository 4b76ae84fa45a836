using TlsFront.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace TlsFront.Backends.Probes;

/// <summary>
/// Turns probes into health: so many in a row, to go as well as to come back. YARP's own policy of that kind knows only the former.
/// </summary>
internal sealed class ProbePolicy(SettingsStore settings, BackendPools pools, IDestinationHealthUpdater updater) : IActiveHealthCheckPolicy
{
    /// <summary>The name by which clusters ask for it.</summary>
    public const string PolicyName = "ProbesInARow";

    public string Name => PolicyName;

    public void ProbingCompleted(ClusterState cluster, IReadOnlyList<DestinationProbingResult> probingResults)
    {
        if (settings.Current.Backends.FirstOrDefault(backend => backend.Name == cluster.ClusterId) is not { } backend)
        {
            return;
        }

        var pool = pools.Of(cluster.ClusterId);
        updater.SetActive(cluster, [.. probingResults.Select(result => new NewActiveDestinationHealth(
            result.Destination, Judge(pool.Get(result.Destination.DestinationId), result.Destination.Health.Active, backend.Health)))]);
    }

    /// <summary>Nothing is known of a new destination: it gets sessions until probes or sessions fail often enough.</summary>
    private static DestinationHealth Judge(Destination destination, DestinationHealth before, HealthSettings health) =>
        destination.FailedProbes >= health.UnhealthyAfter ? DestinationHealth.Unhealthy
        : destination.GoodProbes >= (before == DestinationHealth.Unhealthy ? health.HealthyAfter : 1) ? DestinationHealth.Healthy
        : before;
}
