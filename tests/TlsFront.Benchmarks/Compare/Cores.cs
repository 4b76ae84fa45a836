namespace TlsFront.Benchmarks.Compare;

/// <summary>Who runs where, as lists for taskset.</summary>
/// <param name="Proxy">Cores of the proxy.</param>
/// <param name="Load">Cores of load generators and backends.</param>
/// <param name="Workers">Threads or worker processes a proxy is told to use.</param>
internal sealed record Cores(string Proxy, string Load, int Workers)
{
    private static readonly bool AreMany = Environment.ProcessorCount >= 4;

    /// <summary>
    /// Whether there are too few cores to keep the load off those of <see cref="Two"/>: its work per second of the clock then says little.
    /// </summary>
    public static bool LoadSharesTwo => !AreMany;

    /// <summary>The proxy alone on one core, everything else on others.</summary>
    public static Cores Apart { get; } = new("0", AreMany ? "2,3" : "1", 1);

    /// <summary>Two cores for the proxy. With fewer than four the load has to share them.</summary>
    public static Cores Two { get; } = new("0,1", AreMany ? "2,3" : "0,1", 2);

    /// <summary>One core, with the load as in <see cref="Two"/>.</summary>
    public static Cores OneOfTwo { get; } = new("0", Two.Load, 1);
}
