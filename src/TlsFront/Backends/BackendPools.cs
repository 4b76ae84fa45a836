using System.Collections.Concurrent;

namespace TlsFront.Backends;

/// <summary>The pools of all backends, by name; a reload changes settings and leaves the sessions where they are.</summary>
internal sealed partial class BackendPools(TimeProvider time, ILogger<BackendPools> logger)
{
    private readonly ConcurrentDictionary<string, BackendPool> _pools = new(StringComparer.Ordinal);

    /// <summary>The pool of the backend of that name.</summary>
    public BackendPool Of(string backend) => _pools.GetOrAdd(
        backend, name => new BackendPool(time, destination => Log.Emptied(logger, name, destination.Address)));

    private static partial class Log
    {
        [LoggerMessage(
            815, LogLevel.Information, "Backend {Backend}: drained destination {Destination} is empty", EventName = "DestinationEmptied")]
        public static partial void Emptied(ILogger logger, string backend, string destination);
    }
}
