using System.Net;
using TlsFront.Connections;

namespace TlsFront.Telemetry.Access;

/// <summary>
/// Lines of refused connections, category <c>TlsFront.AccessLog</c>: the first of a listener and reason at once, those that follow as one line
/// each <see cref="Interval"/>. A flood must not flood the log; the metrics count every one.
/// </summary>
internal sealed partial class RefusalLog : IConnectionEvents, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ILogger _log;
    private readonly LineFolder<(string Listener, CloseReason Reason)> _lines;

    public RefusalLog(ILoggerFactory loggers, TimeProvider time)
    {
        _log = loggers.CreateLogger(AccessLog.Category);
        _lines = new(Interval, time, Write);
    }

    public void Ended(ConnectionRecord record, TimeSpan lifetime)
    {
        if (record.CloseReason.IsRefusal())
        {
            _lines.Add((record.Listener, record.CloseReason), record.Facts.Client, record.Detail);
        }
    }

    /// <summary>Tells what was not told yet.</summary>
    public void Dispose() => _lines.Dispose();

    private void Write((string Listener, CloseReason Reason) key, FoldedLines lines)
    {
        var level = key.Reason == CloseReason.Denied ? LogLevel.Information : LogLevel.Warning;
        var (reason, detail) = (key.Reason.Tag(), lines.Detail ?? key.Reason.Words());
        Log.Refused(_log, level, key.Listener, reason, lines.Count, lines.Span.TotalSeconds, lines.Last!, detail);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 402, EventName = "Refused",
            Message = "{Listener} refused {Reason} count={Count} seconds={Seconds:F0} last={Client} detail={Detail}")]
        public static partial void Refused(
            ILogger logger, LogLevel level, string listener, string reason, long count, double seconds, IPEndPoint client, string detail);
    }
}
