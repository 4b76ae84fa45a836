namespace TlsFront.Transport.Managed;

/// <summary>
/// Reads ahead while a session waits for something else: a client's end shows only behind what it said,
/// and close_notify says nothing. Made only for those who ask.
/// </summary>
internal sealed class ManagedClientWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _left = new();
    private readonly PipeSide _client;
    private readonly WakeSignal _wake;
    private readonly Task _watching;
    private volatile bool _stopped;

    public ManagedClientWatch(PipeSide client, WakeSignal wake)
    {
        _client = client;
        _wake = wake;
        _watching = WatchAsync();
    }

    /// <inheritdoc cref="Connections.IClientWatch.ClientLeft"/>
    public CancellationToken Left => _left.Token;

    /// <summary>Gives the client back to its session; what was read is unconsumed there.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        _wake.Set();
        await _watching;
        _left.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stopped)
        {
            _client.Poll();
            _client.StartRead();
            if (_client.Broken || (_client.Ended && _client.Length == 0))
            {
                await _left.CancelAsync();
                return;
            }

            await _wake.WaitAsync();
        }
    }
}
