using TlsFront.Configuration;
using Yarp.ReverseProxy.Health;

namespace TlsFront.Backends;

/// <summary>How the destinations are, for metrics and readiness.</summary>
internal sealed class DestinationStates(
    SettingsStore settings, BackendPools pools, BackendGroups groups, IActiveHealthCheckMonitor monitor, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Every configured destination: sessions it has, and whether it gets more.</summary>
    public IEnumerable<(string Backend, string Destination, int Sessions, bool IsAvailable)> All() =>
        from backend in settings.Current.Backends
        from address in backend.Destinations
        let destination = pools.Of(backend.Name).Get(address)
        select (backend.Name, address, destination.Sessions, destination.IsAvailable && !destination.IsDrained);

    /// <summary>The destinations of a backend, in the order of its settings.</summary>
    public IReadOnlyList<Destination> Of(BackendSettings backend) => [.. backend.Destinations.Select(pools.Of(backend.Name).Get)];

    /// <summary>
    /// Lets destinations have no new sessions, or again; what they have stays, and probes go on. All of the backend, or the one at
    /// <paramref name="address"/>. Null if there is no such.
    /// </summary>
    public IReadOnlyList<Destination>? SetDrained(string name, string? address, bool isDrained)
    {
        if (settings.Current.Backends.FirstOrDefault(backend => backend.Name == name) is not { } backend)
        {
            return null;
        }

        var destinations = Of(backend).Where(destination => address is null || destination.Address == address).ToList();
        destinations.ForEach(destination => pools.Of(name).SetDrained(destination, isDrained));
        groups.Refresh();
        return destinations.Count > 0 ? destinations : null;
    }

    /// <summary>Every configured backend and how many sessions wait for a free place there.</summary>
    public IEnumerable<(string Backend, int Waiting)> Queues() =>
        settings.Current.Backends.Select(backend => (backend.Name, pools.Of(backend.Name).Waiting));

    /// <summary>
    /// Waits until every destination was probed once; false if some still are after <paramref name="limit"/>. YARP's monitor has no event for it.
    /// </summary>
    public async Task<bool> FirstProbesAsync(TimeSpan limit, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        while (!monitor.InitialProbeCompleted)
        {
            if (time.GetElapsedTime(began) >= limit)
            {
                return false;
            }

            await Task.Delay(PollInterval, time, stop);
        }

        return true;
    }
}
