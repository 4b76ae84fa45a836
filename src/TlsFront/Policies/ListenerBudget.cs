namespace TlsFront.Policies;

/// <summary>How many connections one listener has, and how many it may have.</summary>
internal sealed class ListenerBudget
{
    private volatile int _limit = int.MaxValue;
    private int _count;

    /// <summary>Most connections it may have; null if it has no limit of its own.</summary>
    public int? Limit
    {
        get => _limit == int.MaxValue ? null : _limit;
        set => _limit = value ?? int.MaxValue;
    }

    /// <summary>Whether it has more than it may have: the one that asks is to go.</summary>
    public bool IsExceeded => Volatile.Read(ref _count) > _limit;

    /// <summary>A connection was accepted.</summary>
    public void Enter() => Interlocked.Increment(ref _count);

    /// <summary>A connection was closed.</summary>
    public void Leave() => Interlocked.Decrement(ref _count);
}
