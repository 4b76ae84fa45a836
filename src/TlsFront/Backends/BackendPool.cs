using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Backends;

/// <summary>
/// The destinations of one backend, who has which session, and who waits for one. Choosing and counting are one step under one lock: sessions
/// that arrive at once would otherwise all see the same destination idle.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="emptied">Told when the last session left a drained destination.</param>
internal sealed class BackendPool(TimeProvider time, Action<Destination>? emptied = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Destination> _destinations = [];
    private readonly LinkedList<Waiter> _waiting = [];
    private uint _turn;

    /// <summary>Sessions that wait for a place.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
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

    /// <summary>
    /// Gives the session a place at one of <paramref name="eligible"/>, which are at least one and in the order of the configuration. Where all are
    /// full it waits in a queue, at most <paramref name="limit"/>, also for one that comes back and is not among <paramref name="tried"/>; null if
    /// none came free, if the queue is full, if <paramref name="client"/>, where there is one, ended or was lost,
    /// or if <paramref name="stop"/> was set.
    /// </summary>
    /// <remarks>A sticky one has no choice: it waits for its user's, though others are free.</remarks>
    public async ValueTask<DestinationLease?> TakeAsync(
        IReadOnlyList<string> eligible, ICollection<string> tried, SessionTarget target, TimeSpan limit, IClientWatch? client,
        CancellationToken stop)
    {
        var waiter = new Waiter(eligible, tried, target);
        lock (_gate)
        {
            // A place that is free now is one that nobody in the queue may take.
            if (TryTake(waiter))
            {
                return waiter.Lease;
            }

            if (_waiting.Count >= target.Backend.Queue.Length)
            {
                return null;
            }

            _waiting.AddLast(waiter);
        }

        try
        {
            // Only now: engines watch a client that nobody reads for those who ask.
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, client?.ClientLeft ?? CancellationToken.None);
            await waiter.Served.Task.WaitAsync(limit, time, end.Token);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                _waiting.Remove(waiter);
            }
        }

        // Also when it came in the last moment.
        return waiter.Lease;
    }

    /// <summary>
    /// A session of another process goes on here: it has its place at <paramref name="address"/> already, whatever the limits say by now.
    /// </summary>
    public DestinationLease Enter(string address)
    {
        lock (_gate)
        {
            var destination = Find(address);
            destination.Sessions++;
            return new DestinationLease(this, destination);
        }
    }

    /// <summary>A session left; the first in the queue that may have its place gets it.</summary>
    public void Return(Destination destination)
    {
        bool isEmptied;
        lock (_gate)
        {
            destination.Sessions--;
            ServeNext();
            isEmptied = destination is { IsDrained: true, Sessions: 0 };
        }

        if (isEmptied)
        {
            emptied?.Invoke(destination);
        }
    }

    /// <summary>No new sessions for the destination, by an operator's will, or again. Those it has stay.</summary>
    public void SetDrained(Destination destination, bool isDrained)
    {
        lock (_gate)
        {
            destination.IsDrained = isDrained;
            foreach (var waiter in _waiting)
            {
                if (!isDrained && destination.IsAvailable)
                {
                    waiter.Recovered(destination.Address);
                }

                waiter.Preferred = null;
            }

            ServeAll();
        }
    }

    /// <summary>
    /// The destination at <paramref name="address"/> serves again: its places are for those in the queue as well who have not tried it.
    /// </summary>
    public void Recovered(string address)
    {
        lock (_gate)
        {
            foreach (var waiter in _waiting)
            {
                waiter.Recovered(address);
            }

            ServeAll();
        }
    }

    /// <summary>
    /// The destination at <paramref name="address"/> gets no more sessions: those in the queue who wait for that one alone go on to their user's
    /// next, or wait until it is back.
    /// </summary>
    public void Gone(string address)
    {
        lock (_gate)
        {
            foreach (var waiter in _waiting)
            {
                waiter.Gone(address);
            }

            ServeAll();
        }
    }

    /// <summary>Users go elsewhere where they can, or have no reason to any more; see <see cref="BackendGroups"/>.</summary>
    public void SetAvoided(Destination destination, bool isAvoided)
    {
        lock (_gate)
        {
            destination.IsAvoided = isAvoided;
            foreach (var waiter in _waiting)
            {
                waiter.Preferred = null;
            }

            ServeAll();
        }
    }

    private void ServeAll()
    {
        while (ServeNext())
        {
        }
    }

    /// <summary>Gives a free place to the first in the queue that may have one; false if there is none.</summary>
    private bool ServeNext()
    {
        var next = _waiting.First;
        while (next is not null && !TryTake(next.Value))
        {
            next = next.Next;
        }

        if (next is null)
        {
            return false;
        }

        _waiting.Remove(next);
        next.Value.Served.SetResult();
        return true;
    }

    private bool TryTake(Waiter waiter)
    {
        var backend = waiter.Target.Backend;
        var limit = backend.MaxSessions == 0 ? int.MaxValue : backend.MaxSessions;
        if ((waiter.Target.IsSticky ? FreeOfUser(waiter, limit) : FreeOfAny(waiter, limit)) is not { } destination)
        {
            return false;
        }

        destination.Sessions++;
        waiter.Lease = new DestinationLease(this, destination);
        return true;
    }

    private Destination? FreeOfAny(Waiter waiter, int limit)
    {
        var free = waiter.Eligible.Select(Find).Where(destination => destination.Sessions < limit && !destination.IsDrained).ToList();
        return free.Count > 0 ? Choose(free, waiter.Target.Backend.LoadBalancing) : null;
    }

    private Destination? FreeOfUser(Waiter waiter, int limit)
    {
        // Kept, because each place that comes free asks the whole queue.
        waiter.Preferred ??= Heaviest(waiter);
        return waiter.Preferred is { } preferred && preferred.Sessions < limit ? preferred : null;
    }

    /// <summary>One that is avoided only where all are: it serves, and nobody is refused for the sake of other protocols.</summary>
    private Destination? Heaviest(Waiter waiter)
    {
        Destination? heaviest = null;
        UInt128 most = 0;
        for (var i = 0; i < waiter.Eligible.Count; i++)
        {
            var destination = Find(waiter.Eligible[i]);
            if (!destination.IsDrained
                && destination.Weight(waiter.UserKey) is var weight
                && (heaviest is null || (destination.IsAvoided == heaviest.IsAvoided ? weight > most : heaviest.IsAvoided)))
            {
                (heaviest, most) = (destination, weight);
            }
        }

        return heaviest;
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

    /// <summary>A session on its way to a place.</summary>
    private sealed class Waiter(IReadOnlyList<string> eligible, ICollection<string> tried, SessionTarget target)
    {
        /// <summary>In the order of the configuration.</summary>
        public IReadOnlyList<string> Eligible { get; private set; } = eligible;

        public SessionTarget Target => target;

        /// <summary>Of a sticky session's user.</summary>
        public ulong UserKey { get; } = target.IsSticky ? Rendezvous.Key(target.User) : 0;

        /// <summary>The one that a sticky session takes or waits for; null: to be found out.</summary>
        public Destination? Preferred { get; set; }

        public TaskCompletionSource Served { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DestinationLease? Lease { get; set; }

        public void Recovered(string address)
        {
            Eligible =
            [
                .. target.Backend.Destinations.Where(
                    known => Eligible.Contains(known) || (known == address && target.Allows(known) && !tried.Contains(known)))
            ];
            Preferred = null;
        }

        /// <summary>Those who take any place wait on: they have others to wait for, and try one more if this one fails them.</summary>
        public void Gone(string address)
        {
            if (target.IsSticky || target.Destination is not null)
            {
                Eligible = [.. Eligible.Where(known => known != address)];
                Preferred = null;
            }
        }
    }
}
