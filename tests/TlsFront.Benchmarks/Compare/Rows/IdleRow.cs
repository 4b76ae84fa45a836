using System.Diagnostics;
using System.Globalization;
using TlsFront.Benchmarks.Compare.Proxies;

namespace TlsFront.Benchmarks.Compare.Rows;

/// <summary>Growth of anonymous memory with sessions that did one small exchange, in a process that has just started.</summary>
/// <param name="name">Its name.</param>
/// <param name="text">What it measures; {0} is a number of sessions.</param>
/// <param name="route">Where the sessions go.</param>
/// <param name="warmUp">The load generator's job that the process does first.</param>
/// <param name="options">Options of the load generator's <c>idle</c>.</param>
/// <param name="counts">Numbers of sessions.</param>
internal sealed class IdleRow(string name, string text, Route route, string warmUp, IReadOnlyList<string> options, IReadOnlyList<int> counts) : Row
{
    // What was started once, whoever came first, is no session's.
    private const int WarmSessions = 100;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override IReadOnlyList<Line> Lines { get; } = [.. counts.Select(count => new Line(
        string.Format(CultureInfo.InvariantCulture, text, count), "KiB/session"))];

    /// <inheritdoc/>
    public override bool StartsProxies => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Route> Routes { get; } = [route];

    /// <inheritdoc/>
    public override IReadOnlyList<double> Measure(Lab lab, Proxy product, RunningProxy? proxy, TimeSpan duration)
    {
        using var own = product.Start(lab, Cores.Apart, route);
        LoadGenerator.Run(
            own.Cores.Load, TimeSpan.FromSeconds(0.5), [.. LoadGenerator.Command, warmUp, "--connections", "4", .. own.Target(route)]);
        using var sessions = ChildProcess.Pipe(
            own.Cores.Load,
            [
                .. LoadGenerator.Command, "idle", .. options, .. own.Target(route), "--counts", $"{WarmSessions}",
                .. counts.Select(count => $"{count}"),
            ]);
        WaitFor(sessions, WarmSessions);
        var before = own.AnonymousKilobytes;
        return [.. counts.Select(count =>
        {
            sessions.Input.WriteLine();
            WaitFor(sessions, count);
            return (double)(own.AnonymousKilobytes - before) / (count - WarmSessions);
        })];
    }

    private static void WaitFor(ChildProcess sessions, int count)
    {
        var clock = Stopwatch.StartNew();
        var line = sessions.Output.ReadLineAsync();
        if (!line.Wait(Patience) || line.Result != $"open {count}")
        {
            throw new CompareException(string.Create(CultureInfo.InvariantCulture, $"no {count} sessions after {clock.Elapsed.TotalSeconds:F0} s"));
        }

        Thread.Sleep(Settling);
    }
}
