using System.Diagnostics;
using System.Globalization;

namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>A user among the crowd: one open session, a small exchange now and then, each timed.</summary>
internal static class LatencyProbe
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Prints <c>latency P50 P99</c> in microseconds.</summary>
    public static void Run(Target target, TimeSpan duration, TextWriter output)
    {
        using var wire = target.Connect();
        var reader = new WireReader(wire);
        var times = new List<double>();
        var clock = Stopwatch.StartNew();
        for (var warm = 0; warm < 20; warm++)
        {
            HttpRequest.Exchange(wire, reader);
        }

        while (clock.Elapsed < duration)
        {
            Thread.Sleep(Pause);
            var from = Stopwatch.GetTimestamp();
            HttpRequest.Exchange(wire, reader);
            times.Add(Stopwatch.GetElapsedTime(from).TotalMicroseconds);
        }

        times.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"latency {times[times.Count / 2]:F1} {times[times.Count * 99 / 100]:F1}"));
    }
}
