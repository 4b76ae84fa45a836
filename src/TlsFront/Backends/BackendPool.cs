using TlsFront.Configuration;

namespace TlsFront.Backends;

/// <summary>
/// The destinations of one backend and who has which session. Choosing and counting are one step under one lock: sessions that arrive at
/// once would otherwise all see the same destination idle.
/// </summary>
internal sealed class BackendPool
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Destination> _destinations = [];
    private uint _turn;

    /// <summary>Every destination it ever had.</summary>
    public IReadOnlyList<Destination> Destinations
    {
        get
        {
            lock (_gate)
            {
                return [.. _destinations.Values];
            }
        }
    }

    /// <summary>The destination at <paramref name="address"/>.</summary>
    public Destination Get(string address)
    {
        lock (_gate)
        {
            return Find(address);
        }
    }

    /// <summary>Gives the session one of <paramref name="eligible"/>, which are at least one and in the order of the configuration.</summary>
    public DestinationLease Take(IReadOnlyList<string> eligible, LoadBalancing policy)
    {
        lock (_gate)
        {
            var destination = Choose([.. eligible.Select(Find)], policy);
            destination.Sessions++;
            return new DestinationLease(this, destination);
        }
    }

    /// <summary>A session left.</summary>
    public void Return(Destination destination)
    {
        lock (_gate)
        {
            destination.Sessions--;
        }
    }

    private static Destination Fewer(Destination one, Destination other) => other.Sessions < one.Sessions ? other : one;

    private Destination Choose(List<Destination> among, LoadBalancing policy) => policy switch
    {
        LoadBalancing.LeastSessions => InTurn(among).Aggregate(Fewer),
        LoadBalancing.RoundRobin => InTurn(among).First(),
        LoadBalancing.Random => among[Random.Shared.Next(among.Count)],
        LoadBalancing.PowerOfTwoSessions when among.Count > 1 => FewerOfTwo(among),
        _ => among[0],
    };

    /// <summary>All of them, each time beginning with the next one.</summary>
    private IEnumerable<Destination> InTurn(List<Destination> among)
    {
        var first = (int)(_turn++ % (uint)among.Count);
        return among.Skip(first).Concat(among.Take(first));
    }

    private static Destination FewerOfTwo(List<Destination> among)
    {
        var one = Random.Shared.Next(among.Count);
        var other = Random.Shared.Next(among.Count - 1);
        return Fewer(among[one], among[other < one ? other : other + 1]);
    }

    private Destination Find(string address)
    {
        if (!_destinations.TryGetValue(address, out var destination))
        {
            _destinations[address] = destination = new Destination(address);
        }

        return destination;
    }
}
