namespace TlsFront.Admission;

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

    /// <summary>
    /// A connection was accepted. False if there is no place for it: then it does not count, so that those who are refused take no places.
    /// </summary>
    public bool TryEnter()
    {
        var count = Volatile.Read(ref _count);
        while (count < _limit)
        {
            var seen = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (seen == count)
            {
                return true;
            }

            count = seen;
        }

        return false;
    }

    /// <summary>A connection that has a place was closed.</summary>
    public void Leave() => Interlocked.Decrement(ref _count);
}
