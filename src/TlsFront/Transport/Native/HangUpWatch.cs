namespace TlsFront.Transport.Native;

/// <summary>The end of a client whom nobody reads, for somebody who waits for something else meanwhile. Made only for those who ask.</summary>
internal sealed class HangUpWatch : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly NativeSocket _socket;

    public HangUpWatch(NativeSocket socket)
    {
        _socket = socket;
        Closed = _closed.Token;
    }

    /// <summary>Set once the client ended its half or is gone, behind whatever is unread. Any thread.</summary>
    public CancellationToken Closed { get; }

    /// <summary>Tells it, once it is so; who waits goes on within this call. Loop's thread.</summary>
    public void Look()
    {
        if (_socket.HungUp && !Closed.IsCancellationRequested)
        {
            _closed.Cancel();
        }
    }

    public void Dispose() => _closed.Dispose();
}
