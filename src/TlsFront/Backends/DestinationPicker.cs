using TlsFront.Configuration;
using Yarp.ReverseProxy;

namespace TlsFront.Backends;

/// <summary>
/// Chooses the next destination of a backend among those not tried yet. Which destinations there are is the connection's snapshot; YARP
/// says which of them are available, and knows nothing any more of those that a reload removed. The choice itself is ours: of YARP's policies
/// only its own forwarder counts, and with nobody counting the least loaded is always the same one.
/// </summary>
internal sealed class DestinationPicker(IProxyStateLookup clusters, BackendPools pools)
{
    /// <summary>A place at the next destination, or null when all were tried. <paramref name="left"/> counts those untried, this one included.</summary>
    public DestinationLease? Pick(BackendSettings backend, ICollection<string> tried, out int left)
    {
        var eligible = Available(backend).Where(destination => !tried.Contains(destination)).ToList();
        left = eligible.Count;
        return left == 0 ? null : pools.Of(backend.Name).Take(eligible, backend.LoadBalancing);
    }

    /// <summary>In the order of the configuration. All of them where YARP knows none: it dropped them with a reload, and their session is older.</summary>
    private IEnumerable<string> Available(BackendSettings backend)
    {
        if (!clusters.TryGetCluster(backend.Name, out var cluster) || !backend.Destinations.Any(cluster.Destinations.ContainsKey))
        {
            return backend.Destinations;
        }

        var available = cluster.DestinationsState.AvailableDestinations;
        return backend.Destinations.Where(address => cluster.Destinations.TryGetValue(address, out var destination) && available.Contains(destination));
    }
}
