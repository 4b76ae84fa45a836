using System.Collections.Concurrent;

namespace TlsFront.Backends;

/// <summary>The pools of all backends, by name; a reload changes settings and leaves the sessions where they are.</summary>
internal sealed class BackendPools(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, BackendPool> _pools = new(StringComparer.Ordinal);

    /// <summary>The pool of the backend of that name.</summary>
    public BackendPool Of(string backend) => _pools.GetOrAdd(backend, _ => new BackendPool(time));
}
