using TlsFront.Configuration;

namespace TlsFront.Backends;

/// <summary>
/// Keeps a user at one host over all protocols: a host that probes, sessions or an operator took from one sticky backend of a group is avoided by the
/// users of the others.
/// </summary>
internal sealed partial class BackendGroups : IDisposable
{
    private readonly SettingsStore _settings;
    private readonly BackendPools _pools;
    private readonly ILogger _logger;
    private readonly IDisposable _subscription;

    /// <summary>Of two changes at once, the one that is looked at last has seen both.</summary>
    private readonly Lock _gate = new();

    public BackendGroups(SettingsStore settings, BackendPools pools, ILogger<BackendGroups> logger)
    {
        (_settings, _pools, _logger) = (settings, pools, logger);
        _subscription = settings.Subscribe("groups of backends", (_, _) => new(Refresh));
    }

    /// <summary>A destination was taken away from its backend, or came back.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            foreach (var group in _settings.Current.Backends.GroupBy(static backend => backend.Stickiness == Stickiness.User ? backend.Group : null))
            {
                var gone = group.Key is null ? [] : group.SelectMany(GoneHosts).ToList();
                foreach (var backend in group)
                {
                    foreach (var address in backend.Destinations)
                    {
                        var host = DestinationHost.Of(address);
                        Set(backend, address, gone.Find(one => one.Host == host && one.Backend != backend.Name).Backend);
                    }
                }
            }
        }
    }

    public void Dispose() => _subscription.Dispose();

    /// <summary>Hosts of which no destination is left to the backend.</summary>
    private IEnumerable<(string Host, string Backend)> GoneHosts(BackendSettings backend) =>
        from address in backend.Destinations
        let destination = _pools.Of(backend.Name).Get(address)
        group destination by DestinationHost.Of(address) into host
        where host.All(static destination => destination.IsDrained || !destination.IsAvailable)
        select (host.Key, backend.Name);

    private void Set(BackendSettings backend, string address, string? goneFrom)
    {
        var pool = _pools.Of(backend.Name);
        var destination = pool.Get(address);
        if (destination.IsAvoided == goneFrom is not null)
        {
            return;
        }

        pool.SetAvoided(destination, goneFrom is not null);
        if (goneFrom is not null)
        {
            Log.Avoided(_logger, backend.Name, address, goneFrom);
        }
        else
        {
            Log.Back(_logger, backend.Name, address);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            903, LogLevel.Information,
            "Backend {Backend}: new sessions of users avoid destination {Destination}, because its host is unavailable or drained in backend {Other} "
                + "of the same group",
            EventName = "DestinationAvoided")]
        public static partial void Avoided(ILogger logger, string backend, string destination, string other);

        [LoggerMessage(
            904, LogLevel.Information, "Backend {Backend}: new sessions of users do not avoid destination {Destination} any more",
            EventName = "DestinationNotAvoided")]
        public static partial void Back(ILogger logger, string backend, string destination);
    }
}
