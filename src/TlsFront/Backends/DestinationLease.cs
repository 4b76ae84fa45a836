namespace TlsFront.Backends;

/// <summary>A session's place at a destination, counted from before it is connected until this is disposed.</summary>
internal sealed class DestinationLease(BackendPool pool, Destination destination) : IDisposable
{
    private bool _returned;

    /// <summary>The destination.</summary>
    public Destination Destination => destination;

    public void Dispose()
    {
        if (!_returned)
        {
            _returned = true;
            pool.Return(destination);
        }
    }
}
