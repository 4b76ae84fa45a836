using Yarp.ReverseProxy;
using Yarp.ReverseProxy.LoadBalancing;

namespace TlsFront.Backends;

/// <summary>Chooses the next destination of a backend by its load-balancing policy among those not tried yet.</summary>
internal sealed class DestinationPicker(IProxyStateLookup clusters, IEnumerable<ILoadBalancingPolicy> policies)
{
    private readonly ILoadBalancingPolicy _roundRobin = policies.Single(policy => policy.Name == LoadBalancingPolicies.RoundRobin);

    /// <summary>The next destination's <c>host:port</c>, or null when all were tried. <paramref name="isLast"/> tells whether others remain.</summary>
    public string? Pick(string backend, ICollection<string> tried, out bool isLast)
    {
        isLast = true;
        if (!clusters.TryGetCluster(backend, out var cluster))
        {
            return null;
        }

        var available = cluster.DestinationsState.AvailableDestinations;
        var untried = tried.Count == 0 ? available : [.. available.Where(destination => !tried.Contains(destination.DestinationId))];
        isLast = untried.Count <= 1;

        // The policies look at the destinations alone; only YARP's own forwarder has an HttpContext to give.
        return untried.Count == 0 ? null : _roundRobin.PickDestination(null!, cluster, untried)?.DestinationId;
    }
}
