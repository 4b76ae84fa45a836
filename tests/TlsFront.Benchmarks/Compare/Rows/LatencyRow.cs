using System.Globalization;
using TlsFront.Benchmarks.Compare.Proxies;

namespace TlsFront.Benchmarks.Compare.Rows;

/// <summary>What a proxy adds to the time of a small exchange, alone and while others reconnect.</summary>
internal sealed class LatencyRow : Row
{
    private const int StormConnections = 64;

    // The storm's clients share cores with the probe and the backend: it is the proxy that shall make the probe wait, not they.
    private static readonly string[] Behind = ["nice", "-n", "19"];
    private static readonly TimeSpan StormLead = TimeSpan.FromSeconds(1);
    private (double Median, double Slow) _direct;

    /// <inheritdoc/>
    public override string Name => "latency";

    /// <inheritdoc/>
    public override IReadOnlyList<Line> Lines { get; } =
    [
        new("added latency, idle, p50", "us"), new("added latency, idle, p99", "us"),
        new("added latency in a reconnect storm, p50", "us"), new("added latency in a reconnect storm, p99", "us"),
    ];

    /// <inheritdoc/>
    public override bool IsReported => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Route> Routes { get; } = [Route.Http];

    /// <inheritdoc/>
    public override void BeginRound(Lab lab, TimeSpan duration) =>
        _direct = Probe(Cores.Apart.Load, duration, "--port", $"{lab.Backends.PortOf(Route.Http)}");

    /// <inheritdoc/>
    public override IReadOnlyList<double> Measure(Lab lab, Proxy product, RunningProxy? proxy, TimeSpan duration)
    {
        var idle = Probe(proxy!.Cores.Load, duration, proxy.Target(Route.Http));
        var storm = Task.Run(() => LoadGenerator.Run(
            proxy.Cores.Load, duration + (2 * StormLead),
            [.. Behind, .. LoadGenerator.Command, "handshake", "--connections", $"{StormConnections}", .. proxy.Target(Route.Http)]));
        Thread.Sleep(StormLead);
        var stormy = Probe(proxy.Cores.Load, duration, proxy.Target(Route.Http));
        if (storm.GetAwaiter().GetResult().Work == 0)
        {
            throw new CompareException("nobody could reconnect");
        }

        return [idle.Median - _direct.Median, idle.Slow - _direct.Slow, stormy.Median - _direct.Median, stormy.Slow - _direct.Slow];
    }

    private static (double Median, double Slow) Probe(string cores, TimeSpan duration, params string[] target)
    {
        var text = LoadGenerator.Text(
            cores, duration,
            [.. LoadGenerator.Command, "latency", .. target, "--seconds", duration.TotalSeconds.ToString(CultureInfo.InvariantCulture)]);
        var fields = text.Split('\n').FirstOrDefault(line => line.StartsWith("latency ", StringComparison.Ordinal))?.Split(' ')
            ?? throw new CompareException(text.Trim());
        return (double.Parse(fields[1], CultureInfo.InvariantCulture), double.Parse(fields[2], CultureInfo.InvariantCulture));
    }
}
