using TlsFront.Configuration;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace TlsFront.Backends;

/// <summary>
/// What sessions tell of their destinations. So many in a row that got no connection or no greeting eject one for a while; with the last one
/// that is left there is nothing to gain by that.
/// </summary>
internal sealed class SessionVerdicts(
    IProxyStateLookup clusters, IDestinationHealthUpdater updater, BackendPools pools, IDestinationObserver observer, TimeProvider time)
{
    /// <summary>Sessions in a row that are no accident; a single client that a server does not like comes again, but not for long.</summary>
    private const int WorthTelling = 3;

    private readonly Lock _gate = new();

    /// <summary>A session was refused, perhaps for its client's address: no failure of the destination, but many in a row are to be told.</summary>
    public void Refused(BackendSettings backend, Destination destination, string words)
    {
        if (destination.Unserved(Math.Max(WorthTelling, backend.Health.UnhealthyAfter)) > 0)
        {
            observer.SessionsFail(backend, destination.Address, words);
        }
    }

    /// <summary>
    /// A session that has to log in was offered a way to, or none: no failure of the destination, but many in a row are to be told.
    /// </summary>
    public void LoginOffered(BackendSettings backend, Destination destination, bool isOffered)
    {
        if (destination.LoginOffered(isOffered, WorthTelling))
        {
            observer.LoginNotOffered(backend, destination.Address, WorthTelling);
        }
    }

    /// <summary>A session failed at <paramref name="destination"/>, for a reason that is the destination's.</summary>
    public void Failed(BackendSettings backend, Destination destination, string words)
    {
        Refused(backend, destination, words);
        if (destination.Failed(words) < backend.Health.UnhealthyAfter
            || backend.Health.EjectFor == TimeSpan.Zero
            || !clusters.TryGetCluster(backend.Name, out var cluster)
            || !cluster.Destinations.TryGetValue(destination.Address, out var state))
        {
            return;
        }

        // By the states themselves: the list of those available follows later, and two that fail at once would both see the other one in it.
        lock (_gate)
        {
            if (cluster.Destinations.Values.Any(other =>
                other != state
                    && AvailabilityPolicy.IsAvailable(cluster.Model.Config, other)
                    && !pools.Of(backend.Name).Get(other.DestinationId).IsDrained))
            {
                destination.Ejected(time.GetUtcNow() + backend.Health.EjectFor);
                updater.SetPassive(cluster, state, DestinationHealth.Unhealthy, backend.Health.EjectFor);
            }
        }
    }
}
