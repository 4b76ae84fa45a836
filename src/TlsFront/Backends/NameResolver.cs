using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TlsFront.Backends;

/// <summary>
/// Addresses of destinations' names. A name is one destination, with one health and one series, whatever it resolves to: its addresses are tried
/// in turn. They are looked up again after a while, by the connect that finds them old, which waits only if they are very old; what was known last
/// serves as long as a lookup fails.
/// </summary>
internal sealed partial class NameResolver(INameLookup lookup, TimeProvider time, ILogger<NameResolver> logger)
{
    /// <summary>
    /// Addresses as many times older than they should get may be somebody else's by now: after a quiet night a session waits for the lookup.
    /// </summary>
    private const int Stale = 4;

    /// <summary>How long it waits. Old addresses are better than none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, ResolvedName> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Addresses of <paramref name="host"/>, those first that are to be tried first.</summary>
    /// <param name="host">A name.</param>
    /// <param name="maximumAge">Age in which they are looked up again.</param>
    /// <param name="stop">Gives up; the lookup goes on for others.</param>
    /// <exception cref="SocketException">It never resolved, and does not now.</exception>
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, TimeSpan maximumAge, CancellationToken stop)
    {
        var name = _names.GetOrAdd(host, _ => new ResolvedName(time));
        if (!name.IsKnown)
        {
            await LookUpAsync(host, name).WaitAsync(stop);
        }
        else if (name.Age is var age && age >= maximumAge)
        {
            var refresh = RefreshAsync(host, name);
            if (age >= Stale * maximumAge)
            {
                await Task.WhenAny(refresh, Task.Delay(Patience, time, stop));
                stop.ThrowIfCancellationRequested();
            }
        }

        return name.InTurn();
    }

    /// <summary>An address of <paramref name="host"/> could not be connected: for a while the others come first.</summary>
    public void Failed(string host, IPAddress address)
    {
        if (_names.TryGetValue(host, out var name))
        {
            name.Failed(address);
        }
    }

    private Task LookUpAsync(string host, ResolvedName name) => name.ShareAsync(async () =>
    {
        // It asks the system's resolver, which may take its time and knows no cancellation everywhere.
        var addresses = await lookup.AddressesAsync(host);
        name.Set(addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound));
    });

    private async Task RefreshAsync(string host, ResolvedName name)
    {
        try
        {
            await LookUpAsync(host, name);
        }
        catch (SocketException exception)
        {
            name.Keep();
            Log.AddressesKept(logger, host, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(902, LogLevel.Warning, "{Host} cannot be resolved, its last addresses are used: {Message}", EventName = "AddressesKept")]
        public static partial void AddressesKept(ILogger logger, string host, string message);
    }
}
