namespace TlsFront.Backends;

/// <summary>How long something took the last <see cref="Capacity"/> times.</summary>
internal sealed class RecentTimes
{
    /// <summary>Enough that one in twenty means something.</summary>
    public const int Capacity = 100;

    private readonly Lock _gate = new();
    private readonly TimeSpan[] _times = new TimeSpan[Capacity];
    private long _count;

    /// <summary>It took that long once more.</summary>
    public void Add(TimeSpan time)
    {
        lock (_gate)
        {
            _times[_count++ % Capacity] = time;
        }
    }

    /// <summary>What they were; null before the first.</summary>
    public TimeSpread? Spread()
    {
        TimeSpan[] times;
        lock (_gate)
        {
            times = _times[..(int)Math.Min(_count, Capacity)];
        }

        Array.Sort(times);
        return times.Length == 0 ? null : new TimeSpread(times.Length, At(times, 0.5), At(times, 0.95), times[^1]);
    }

    /// <summary>The smallest of them that <paramref name="part"/> of them do not exceed.</summary>
    private static TimeSpan At(TimeSpan[] sorted, double part) => sorted[(int)Math.Ceiling(sorted.Length * part) - 1];
}
