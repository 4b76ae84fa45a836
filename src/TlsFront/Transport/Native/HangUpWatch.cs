namespace TlsFront.Transport.Native;

/// <summary>The end of a client whom nobody reads, for somebody who waits for something else meanwhile. Made only for those who ask.</summary>
internal sealed class HangUpWatch(NativeSocket socket)
{
    private readonly CancellationTokenSource _closed = new();

    /// <summary>Set once the client ended its half or is gone, behind whatever is unread. Any thread.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Tells it, once it is so; who waits goes on within this call. Loop's thread.</summary>
    public void Look()
    {
        if (socket.HungUp && !_closed.IsCancellationRequested)
        {
            _closed.Cancel();
        }
    }
}
