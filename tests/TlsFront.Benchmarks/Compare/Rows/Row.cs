using TlsFront.Benchmarks.Compare.Proxies;

namespace TlsFront.Benchmarks.Compare.Rows;

/// <summary>One thing that is measured, with one or more lines in the table.</summary>
internal abstract class Row
{
    /// <summary>For <c>--only</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Its lines.</summary>
    public abstract IReadOnlyList<Line> Lines { get; }

    /// <summary>Whether every measurement wants a process of its own, started by the row.</summary>
    public virtual bool StartsProxies => false;

    /// <summary>Whether it is there to be read and no goal is set for it: three rounds are enough.</summary>
    public virtual bool IsReported => false;

    /// <summary>The routes it needs.</summary>
    public abstract IReadOnlyList<Route> Routes { get; }

    /// <summary>Called before the proxies of a round.</summary>
    public virtual void BeginRound(Lab lab, TimeSpan duration)
    {
    }

    /// <summary>One value for each line.</summary>
    /// <exception cref="CompareException">The proxy did not do the work.</exception>
    public abstract IReadOnlyList<double> Measure(Lab lab, Proxy product, RunningProxy? proxy, TimeSpan duration);

    /// <summary>A line of the table.</summary>
    /// <param name="Title">What it shows.</param>
    /// <param name="Unit">Of its values.</param>
    /// <param name="Against">Column of the ratio.</param>
    internal sealed record Line(string Title, string Unit, string Against = "HAProxy");
}
