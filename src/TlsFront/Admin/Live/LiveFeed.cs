namespace TlsFront.Admin.Live;

/// <summary>
/// Takes a frame of the gateway every <see cref="Interval"/> as long as somebody watches, once for all of them; it does nothing at all while nobody
/// does. Watchers are few, and memory does not grow with how slow they are: they take the last frame when they are ready for it.
/// </summary>
internal sealed partial class LiveFeed : IDisposable
{
    /// <summary>Most watchers at once: a few people, each with a few windows, and connections left for the scraper.</summary>
    public const int MaximumWatchers = 16;

    /// <summary>Time between two frames.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LiveAudience _everybody;
    private readonly LiveAudience _trusted;
    private readonly ITimer _timer;
    private readonly ILogger _logger;

    public LiveFeed(LiveDocuments documents, TimeProvider time, ILogger<LiveFeed> logger)
    {
        _logger = logger;
        _everybody = new(documents, isTrusted: false, time);
        _trusted = new(documents, isTrusted: true, time);
        _timer = time.CreateTimer(static self => ((LiveFeed)self!).Refresh(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Watchers now.</summary>
    public int Watchers
    {
        get
        {
            lock (_gate)
            {
                return _everybody.Watchers + _trusted.Watchers;
            }
        }
    }

    /// <summary>Begins to watch, until the result is disposed; null if too many do already.</summary>
    /// <param name="isTrusted">Whether the watcher may give commands, and so see clients and values of the configuration.</param>
    public LiveWatch? TryWatch(bool isTrusted)
    {
        lock (_gate)
        {
            if (_everybody.Watchers + _trusted.Watchers == MaximumWatchers)
            {
                return null;
            }

            if (_everybody.Watchers + _trusted.Watchers == 0)
            {
                _timer.Change(Interval, Timeout.InfiniteTimeSpan);
            }

            var audience = isTrusted ? _trusted : _everybody;
            if (audience.Watchers == 0)
            {
                audience.Refresh();
            }

            audience.Watchers++;
            return new LiveWatch(this, audience);
        }
    }

    /// <summary>One watcher less. By <see cref="LiveWatch"/> alone.</summary>
    public void Leave(LiveAudience audience)
    {
        lock (_gate)
        {
            audience.Watchers--;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Refresh()
    {
        lock (_gate)
        {
            RefreshSafely(_everybody);
            RefreshSafely(_trusted);

            // Only now, so that refreshes never overlap; and no more once nobody is there.
            if (_everybody.Watchers + _trusted.Watchers > 0)
            {
                _timer.Change(Interval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>On a timer's thread, where an exception would end the process: a page is not worth a gateway.</summary>
    private void RefreshSafely(LiveAudience audience)
    {
        try
        {
            if (audience.Watchers > 0)
            {
                audience.Refresh();
            }
        }
        catch (Exception exception)
        {
            Log.Failed(_logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(216, LogLevel.Error, "The live page could not be brought up to date", EventName = "LivePageFailed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
