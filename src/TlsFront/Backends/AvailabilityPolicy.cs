using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace TlsFront.Backends;

/// <summary>
/// Which destinations get sessions: all that neither probes nor sessions found unhealthy. With none left those are tried that sessions alone ejected,
/// and with none of them a client is told at once; to try all of them, as YARP does by default, would have every client wait for every one. YARP asks
/// whenever a state changed, so it is told here.
/// </summary>
internal sealed partial class AvailabilityPolicy(BackendPools pools, BackendGroups groups, ILogger<AvailabilityPolicy> logger)
    : IAvailableDestinationsPolicy
{
    /// <summary>The name by which clusters ask for it.</summary>
    public const string PolicyName = "NotUnhealthy";

    public string Name => PolicyName;

    /// <summary>Whether a destination gets sessions. A verdict of probes that are switched off since does not count.</summary>
    public static bool IsAvailable(ClusterConfig config, DestinationState destination) =>
        destination.Health.Passive != DestinationHealth.Unhealthy && !FailsProbes(config, destination);

    /// <summary>Whether sessions alone took it away.</summary>
    public static bool IsOnlyEjected(ClusterConfig config, DestinationState destination) =>
        destination.Health.Passive == DestinationHealth.Unhealthy && !FailsProbes(config, destination);

    public IReadOnlyList<DestinationState> GetAvailalableDestinations(ClusterConfig config, IReadOnlyList<DestinationState> allDestinations)
    {
        var available = allDestinations.Where(destination => IsAvailable(config, destination)).ToList();
        var pool = pools.Of(config.ClusterId);
        var hasChanged = false;
        foreach (var state in allDestinations)
        {
            var destination = pool.Get(state.DestinationId);
            var isAvailable = available.Contains(state);
            if (destination.IsAvailable == isAvailable)
            {
                continue;
            }

            hasChanged = true;
            destination.IsAvailable = isAvailable;
            if (isAvailable)
            {
                Log.Back(logger, config.ClusterId, destination.Address, available.Count, allDestinations.Count);
                pool.Recovered(destination.Address);
            }
            else
            {
                Log.Gone(logger, config.ClusterId, destination.Address, destination.Trouble, available.Count, allDestinations.Count);
                pool.Gone(destination.Address);
            }
        }

        if (hasChanged)
        {
            groups.Refresh();
        }

        return available;
    }

    private static bool FailsProbes(ClusterConfig config, DestinationState destination) =>
        config.HealthCheck?.Active?.Enabled == true && destination.Health.Active == DestinationHealth.Unhealthy;

    private static partial class Log
    {
        [LoggerMessage(
            900, LogLevel.Warning, "Backend {Backend}: destination {Destination} gets no more sessions, because {Reason}; {Available} of {All} left",
            EventName = "DestinationGone")]
        public static partial void Gone(ILogger logger, string backend, string destination, string reason, int available, int all);

        [LoggerMessage(
            901, LogLevel.Information, "Backend {Backend}: destination {Destination} gets sessions again; {Available} of {All} available",
            EventName = "DestinationBack")]
        public static partial void Back(ILogger logger, string backend, string destination, int available, int all);
    }
}
