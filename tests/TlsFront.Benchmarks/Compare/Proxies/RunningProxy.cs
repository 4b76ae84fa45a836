namespace TlsFront.Benchmarks.Compare.Proxies;

/// <summary>A proxy that listens.</summary>
internal sealed class RunningProxy(
    Proxy proxy, Lab lab, Cores cores, IReadOnlyDictionary<Route, int> ports, IReadOnlyList<ChildProcess> children) : IDisposable
{
    /// <summary>Its product.</summary>
    public Proxy Product => proxy;

    /// <summary>Where it and its load run.</summary>
    public Cores Cores => cores;

    /// <summary>CPU seconds it has used.</summary>
    public double CpuSeconds => ProcessFigures.CpuSeconds(children.Select(child => child.Id));

    /// <summary>Anonymous memory it has now.</summary>
    public long AnonymousKilobytes => ProcessFigures.AnonymousKilobytes(children.Select(child => child.Id));

    /// <summary>Whether it listens for <paramref name="route"/>.</summary>
    public bool Has(Route route) => ports.ContainsKey(route);

    /// <summary>Its port for <paramref name="route"/>.</summary>
    public int PortOf(Route route) => ports[route];

    /// <summary>Arguments that send a load generator of ours to it.</summary>
    public string[] Target(Route route) => ["--port", $"{ports[route]}", "--name", lab.CertificateOf(route).Name];

    public void Dispose()
    {
        foreach (var child in children)
        {
            child.Dispose();
        }
    }
}
