namespace TlsFront.Transport.Native;

/// <summary>Looks for the end of a client whose session waits for something else meanwhile. Made only for those who ask.</summary>
internal sealed class DisconnectWatcher(ClientSide client, EventLoop loop) : IDisposable
{
    private readonly CancellationTokenSource _left = new();

    /// <inheritdoc cref="Connections.IClientWatch.ClientLeft"/>
    public CancellationToken Left => _left.Token;

    /// <summary>Tells that the client left, once it is so; who waits goes on within this call. Loop's thread.</summary>
    public void Check()
    {
        if (!client.Socket.HungUp || _left.IsCancellationRequested)
        {
            return;
        }

        if (client.Available == 0)
        {
            // The end stands behind what the client said, and close_notify says nothing.
            loop.Scratch.TurnBudget = TlsRecord.MaxPlaintext;
            client.TryRead();
            client.LeaveScratch();
        }

        if (client.Socket.HasError || (client.Ended && client.Available == 0))
        {
            _left.Cancel();
        }
    }

    public void Dispose() => _left.Dispose();
}
