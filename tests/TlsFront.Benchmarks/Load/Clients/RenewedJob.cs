namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>A job done <paramref name="times"/> times over one connection, then over a new one.</summary>
internal sealed class RenewedJob(Func<LoadJob> create, int times) : LoadJob
{
    private LoadJob? _job;
    private int _done;

    /// <inheritdoc/>
    public override long Once()
    {
        if (_done++ % times == 0)
        {
            _job?.Dispose();
            _job = create();
        }

        return _job!.Once();
    }

    public override void Dispose()
    {
        _job?.Dispose();
        base.Dispose();
    }
}
