using System.Net;
using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>
/// Lines of refused connections, category <c>TlsFront.AccessLog</c>: the first of a listener and reason at once, those that follow as one line
/// each <see cref="Interval"/>. A flood must not flood the log; the metrics count every one.
/// </summary>
internal sealed partial class RefusalLog : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ILogger _log;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Listener, CloseReason Reason), Tally> _tallies = [];

    public RefusalLog(ILoggerFactory loggers, TimeProvider time)
    {
        _log = loggers.CreateLogger("TlsFront.AccessLog");
        _timer = time.CreateTimer(static self => ((RefusalLog)self!).Tell(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A connection was refused.</summary>
    public void Add(ConnectionRecord record)
    {
        var key = (record.Listener, record.CloseReason);
        lock (_gate)
        {
            if (_tallies.TryGetValue(key, out var tally))
            {
                _tallies[key] = new(tally.Count + 1, record.Facts.Client, record.Detail);
                return;
            }

            Write(key, new(1, record.Facts.Client, record.Detail), TimeSpan.Zero);
            _tallies.Add(key, default);
            if (_tallies.Count == 1)
            {
                _timer.Change(Interval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Tells what was not told yet.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Tell();
    }

    private void Tell()
    {
        lock (_gate)
        {
            foreach (var (key, tally) in _tallies.ToArray())
            {
                if (tally.Count == 0)
                {
                    // Over: the next one is news.
                    _tallies.Remove(key);
                    continue;
                }

                Write(key, tally, Interval);
                _tallies[key] = default;
            }

            if (_tallies.Count > 0)
            {
                _timer.Change(Interval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Write((string Listener, CloseReason Reason) key, Tally tally, TimeSpan span)
    {
        var level = key.Reason == CloseReason.Denied ? LogLevel.Information : LogLevel.Warning;
        var (reason, detail) = (key.Reason.Tag(), tally.Detail ?? key.Reason.Words());
        Log.Refused(_log, level, key.Listener, reason, tally.Count, span.TotalSeconds, tally.Last!, detail);
    }

    private readonly record struct Tally(long Count, IPEndPoint? Last, string? Detail);

    private static partial class Log
    {
        [LoggerMessage(EventId = 402, EventName = "Refused", Message = "{Listener} refused {Reason} count={Count} seconds={Seconds:F0} last={Client} detail={Detail}")]
        public static partial void Refused(ILogger logger, LogLevel level, string listener, string reason, long count, double seconds, IPEndPoint client, string detail);
    }
}
