namespace TlsFront.Telemetry.Recent;

/// <summary>
/// How often something happened in the last <see cref="Steps"/> steps of <see cref="Step"/> each, a quarter of an hour: what happened before is for
/// Prometheus. Steps are found when something is added or read, so that it takes no timer. Its owner takes a lock around it.
/// </summary>
internal sealed class RecentCounts
{
    /// <summary>Number of steps that are remembered.</summary>
    public const int Steps = 180;

    /// <summary>One more: the one that runs is not complete.</summary>
    private const int Length = Steps + 1;

    /// <summary>Length of a step.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private readonly int[] _counts = new int[Length];
    private long _now;

    /// <summary>Since the start.</summary>
    public long Total { get; private set; }

    /// <summary>The number of the step that runs <paramref name="elapsed"/> after the start.</summary>
    public static long Number(TimeSpan elapsed) => elapsed.Ticks / Step.Ticks;

    /// <summary>It happened in the step <paramref name="now"/>.</summary>
    public void Add(long now)
    {
        MoveTo(now);
        _counts[now % Length]++;
        Total++;
    }

    /// <summary>The complete steps before <paramref name="now"/>, oldest first.</summary>
    public int[] Before(long now)
    {
        MoveTo(now);
        var counts = new int[Steps];
        for (var index = 0; index < Steps; index++)
        {
            // The one after the running step, which is the oldest, comes first.
            counts[index] = _counts[(now + 1 + index) % Length];
        }

        return counts;
    }

    /// <summary>All steps that are remembered, the running one last: for another process.</summary>
    public IReadOnlyList<int> Capture(long now) => [.. Before(now), _counts[now % Length]];

    /// <summary>Continues with what another process captured, and counted in all.</summary>
    public void Restore(IReadOnlyList<int> counts, long total, long now)
    {
        MoveTo(now);
        Total += total;

        // Those before this process began have numbers below zero.
        for (var age = 0; age < Math.Min(counts.Count, Length); age++)
        {
            _counts[(((now - age) % Length) + Length) % Length] += counts[^(age + 1)];
        }
    }

    /// <summary>How often in all of them, the step that runs included.</summary>
    public int Sum(long now)
    {
        MoveTo(now);
        return _counts.Sum();
    }

    private void MoveTo(long now)
    {
        for (var step = Math.Max(_now + 1, now - Steps); step <= now; step++)
        {
            _counts[step % Length] = 0;
        }

        _now = Math.Max(_now, now);
    }
}
