using TlsFront.Configuration;
using TlsFront.Connections;
using Yarp.ReverseProxy;

namespace TlsFront.Backends;

/// <summary>
/// Chooses the next destination of a backend among those not tried yet. Which destinations there are is the connection's snapshot; YARP
/// says which of them are available, and knows nothing any more of those that a reload removed. The choice itself is ours: of YARP's policies
/// only its own forwarder counts, and with nobody counting the least loaded is always the same one.
/// </summary>
internal sealed class DestinationPicker(IProxyStateLookup clusters, BackendPools pools)
{
    /// <summary>
    /// A place at the next destination. Where all are full it waits as long as the backend's queue allows, <paramref name="patience"/> at most,
    /// and not for a <paramref name="client"/> that left. The number is of those untried, this one included: none is left, or none had a free place.
    /// </summary>
    /// <remarks>
    /// A sticky session gets or waits for its user's, whatever the others have. A pinned one gets no other, not even as a last resort: what is not
    /// available is not for it.
    /// </remarks>
    public async ValueTask<(DestinationLease? Lease, int Untried)> PickAsync(
        SessionTarget target, ICollection<string> tried, TimeSpan patience, IClientWatch? client, CancellationToken stop)
    {
        var backend = target.Backend;
        var pool = pools.Of(backend.Name);
        var eligible = Untried(Available(backend));
        if (eligible.Count == 0 && target.Destination is null)
        {
            // A session that gave up a slow destination for one that other sessions ejected meanwhile would be refused, though both would serve it.
            eligible = Untried(Ejected(backend));
        }

        return eligible.Count == 0 ? (null, 0)
            : (
                await pool.TakeAsync(eligible, tried, target, patience < backend.Queue.Timeout ? patience : backend.Queue.Timeout, client, stop),
                eligible.Count);

        List<string> Untried(IEnumerable<string> destinations) =>
        [
            .. destinations.Where(destination => target.Allows(destination) && !tried.Contains(destination) && !pool.Get(destination).IsDrained)
        ];
    }

    /// <summary>Those that only sessions found unhealthy: the last resort.</summary>
    private IEnumerable<string> Ejected(BackendSettings backend) => clusters.TryGetCluster(backend.Name, out var cluster)
        ? backend.Destinations.Where(address =>
            cluster.Destinations.TryGetValue(address, out var destination) && AvailabilityPolicy.IsOnlyEjected(cluster.Model.Config, destination))
        : [];

    /// <summary>
    /// In the order of the configuration. All of them where YARP knows none: it dropped them with a reload, and their session is older.
    /// </summary>
    private IEnumerable<string> Available(BackendSettings backend)
    {
        if (!clusters.TryGetCluster(backend.Name, out var cluster) || !backend.Destinations.Any(cluster.Destinations.ContainsKey))
        {
            return backend.Destinations;
        }

        var available = cluster.DestinationsState.AvailableDestinations;
        return backend.Destinations.Where(
            address => cluster.Destinations.TryGetValue(address, out var destination) && available.Contains(destination));
    }
}
