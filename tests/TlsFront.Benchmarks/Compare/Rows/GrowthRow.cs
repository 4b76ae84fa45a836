using TlsFront.Benchmarks.Compare.Proxies;
using TlsFront.Benchmarks.Load;

namespace TlsFront.Benchmarks.Compare.Rows;

/// <summary>
/// What a second core brings: work for each CPU second (1.0: nothing is lost) and work for each second of the clock, two cores to one.
/// </summary>
internal sealed class GrowthRow(string name, string title, Func<RunningProxy, TimeSpan, LoadResult> load) : Row
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override IReadOnlyList<Line> Lines { get; } =
    [
        new($"{title}, 2 cores to 1, per CPU second", "x"),
        new($"{title}, 2 cores to 1, per second{(Cores.LoadSharesTwo ? ", load on the same" : "")}", "x"),
    ];

    /// <inheritdoc/>
    public override bool StartsProxies => true;

    /// <inheritdoc/>
    public override bool IsReported => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Route> Routes { get; } = [Route.Http];

    /// <inheritdoc/>
    public override IReadOnlyList<double> Measure(Lab lab, Proxy product, RunningProxy? proxy, TimeSpan duration)
    {
        var one = Rates(lab, product, Cores.OneOfTwo, duration);
        var two = Rates(lab, product, Cores.Two, duration);
        return [two.PerCpuSecond / one.PerCpuSecond, two.PerSecond / one.PerSecond];
    }

    private (double PerCpuSecond, double PerSecond) Rates(Lab lab, Proxy product, Cores cores, TimeSpan duration)
    {
        using var proxy = product.Start(lab, cores, Route.Http);
        load(proxy, duration);
        var (result, cpuSeconds) = WorkRow.Run(proxy, () => load(proxy, duration));
        return (result.Work / cpuSeconds, result.Work / result.Seconds);
    }
}
