using TlsFront.Benchmarks.Compare.Proxies;
using TlsFront.Benchmarks.Load;

namespace TlsFront.Benchmarks.Compare.Rows;

/// <summary>Work for each CPU second of the proxy.</summary>
/// <param name="name">For <c>--only</c>.</param>
/// <param name="line">Its line.</param>
/// <param name="route">The route it uses.</param>
/// <param name="scale">Work for one unit of the line.</param>
/// <param name="load">Runs the load.</param>
internal sealed class WorkRow(string name, Row.Line line, Route route, double scale, Func<RunningProxy, TimeSpan, LoadResult> load) : Row
{
    // A run with more than this share of failures measures something else.
    private const double MaxErrorShare = 0.001;

    // What a proxy does for a session after its client has left belongs to the work.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override IReadOnlyList<Line> Lines { get; } = [line];

    /// <inheritdoc/>
    public override IReadOnlyList<Route> Routes { get; } = [route];

    /// <summary>Work and CPU seconds of one run.</summary>
    public static (LoadResult Result, double CpuSeconds) Run(RunningProxy proxy, Func<LoadResult> load)
    {
        var before = proxy.CpuSeconds;
        var result = load();
        Thread.Sleep(Settling);
        var used = proxy.CpuSeconds - before;

        // Nothing done without a failure is an answer too: a proxy that resumes no session.
        if (used <= 0 || result.Errors > 1 + (result.Work * MaxErrorShare))
        {
            throw new CompareException(
                $"{result.Work} done, {result.Errors} failed{(result.FirstError is { Length: > 0 } error ? $" ({error})" : "")}");
        }

        return (result, used);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Measure(Lab lab, Proxy product, RunningProxy? proxy, TimeSpan duration)
    {
        var (result, cpuSeconds) = Run(proxy!, () => load(proxy!, duration));
        return [result.Work / scale / cpuSeconds];
    }
}
