using TlsFront.Backends;

namespace TlsFront.Admin.Live;

/// <summary>How long something took the last times, in milliseconds.</summary>
/// <param name="Count">How many times, <see cref="RecentTimes.Capacity"/> at most.</param>
/// <param name="Median">Half of them took no longer.</param>
/// <param name="P95">19 of 20 took no longer.</param>
/// <param name="Longest">None took longer.</param>
internal sealed record LiveSpread(int Count, double Median, double P95, double Longest)
{
    public static LiveSpread? Of(TimeSpread? spread) => spread is null ? null
        : new(spread.Count, Milliseconds(spread.Median), Milliseconds(spread.Percentile95), Milliseconds(spread.Longest));

    /// <summary>To the tenth: what is finer is noise.</summary>
    public static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
