namespace TlsFront.Admin.Live;

/// <summary>Somebody watches, until this is disposed.</summary>
internal sealed class LiveWatch(LiveFeed feed, LiveAudience audience) : IDisposable
{
    private int _left;

    /// <summary>The last frame.</summary>
    public LiveFrame Frame => audience.Frame;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            feed.Leave(audience);
        }
    }
}
