using System.Diagnostics;

namespace TlsFront.Benchmarks.Soak;

/// <summary>Lets all who share it begin <paramref name="perSecond"/> times a second together.</summary>
internal sealed class Pace(double perSecond)
{
    private readonly Lock _lock = new();
    private readonly long _interval = (long)(Stopwatch.Frequency / perSecond);
    private long _next = Stopwatch.GetTimestamp();

    /// <summary>Waits for the caller's turn.</summary>
    public void Wait()
    {
        TimeSpan wait;
        lock (_lock)
        {
            // What a busy machine missed is not caught up in a burst of more than a second.
            _next = Math.Max(_next + _interval, Stopwatch.GetTimestamp() - Stopwatch.Frequency);
            wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _next);
        }

        if (wait > TimeSpan.Zero)
        {
            Thread.Sleep(wait);
        }
    }
}
