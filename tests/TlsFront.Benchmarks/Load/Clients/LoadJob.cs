namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>What one simulated client does again and again.</summary>
internal abstract class LoadJob : IDisposable
{
    /// <summary>Does it once, to its end; the work that was done.</summary>
    /// <exception cref="LoadException">It failed. The job is not used again.</exception>
    public abstract long Once();

    public virtual void Dispose()
    {
    }
}
