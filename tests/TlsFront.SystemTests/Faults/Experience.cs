using System.Collections.Concurrent;

namespace TlsFront.SystemTests.Faults;

/// <summary>What the clients of a run experienced.</summary>
internal sealed class Experience
{
    private readonly ConcurrentQueue<string> _lost = [];
    private readonly ConcurrentQueue<string> _refused = [];
    private int _opened;
    private int _died;
    private long _slowest;

    /// <summary>Sessions that logged in.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>Sessions that ended because their server was killed.</summary>
    public int Died => Volatile.Read(ref _died);

    /// <summary>Sessions that ended although nothing had happened to their server: what, where.</summary>
    public IReadOnlyCollection<string> Lost => _lost;

    /// <summary>Connections that got no server although there were some.</summary>
    public IReadOnlyCollection<string> Refused => _refused;

    /// <summary>The longest time from the beginning of a connection to a server's greeting.</summary>
    public TimeSpan Slowest => TimeSpan.FromTicks(Volatile.Read(ref _slowest));

    /// <summary>A session logged in.</summary>
    public void Open() => Interlocked.Increment(ref _opened);

    /// <summary>It was greeted after a while.</summary>
    public void Greet(TimeSpan after)
    {
        for (var slowest = Volatile.Read(ref _slowest); after.Ticks > slowest; slowest = Volatile.Read(ref _slowest))
        {
            Interlocked.CompareExchange(ref _slowest, after.Ticks, slowest);
        }
    }

    /// <summary>It got no server.</summary>
    public void Refuse(string what) => _refused.Enqueue(what);

    /// <summary>It ended before its client wanted, excused if its server had been killed.</summary>
    public void End(bool excused, string what)
    {
        if (excused)
        {
            Interlocked.Increment(ref _died);
        }
        else
        {
            _lost.Enqueue(what);
        }
    }
}
