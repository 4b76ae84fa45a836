using TlsFront.Configuration;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace TlsFront.Backends;

/// <summary>
/// Chooses the next destination of a backend by its load-balancing policy among those not tried yet. Which destinations there are is the
/// connection's snapshot; YARP says which of them are available, and knows nothing any more of those that a reload removed.
/// </summary>
internal sealed class DestinationPicker(IProxyStateLookup clusters, IEnumerable<ILoadBalancingPolicy> policies)
{
    private readonly ILoadBalancingPolicy _roundRobin = policies.Single(policy => policy.Name == LoadBalancingPolicies.RoundRobin);

    /// <summary>The next destination's <c>host:port</c>, or null when all were tried. <paramref name="left"/> counts those untried, this one included.</summary>
    public string? Pick(BackendSettings backend, ICollection<string> tried, out int left)
    {
        if (clusters.TryGetCluster(backend.Name, out var cluster))
        {
            var untried = Untried(cluster.DestinationsState.AvailableDestinations, backend, tried);
            if (untried.Count > 0)
            {
                left = untried.Count;

                // The policies look at the destinations alone; only YARP's own forwarder has an HttpContext to give.
                return _roundRobin.PickDestination(null!, cluster, untried)?.DestinationId;
            }

            if (backend.Destinations.Any(cluster.Destinations.ContainsKey))
            {
                left = 0;
                return null;
            }
        }

        var removed = backend.Destinations.Where(destination => !tried.Contains(destination)).ToList();
        left = removed.Count;
        return removed.FirstOrDefault();
    }

    private static IReadOnlyList<DestinationState> Untried(IReadOnlyList<DestinationState> available, BackendSettings backend, ICollection<string> tried)
    {
        foreach (var destination in available)
        {
            if (!IsUntried(destination))
            {
                return [.. available.Where(IsUntried)];
            }
        }

        return available;

        bool IsUntried(DestinationState destination) => backend.Destinations.Contains(destination.DestinationId) && !tried.Contains(destination.DestinationId);
    }
}
