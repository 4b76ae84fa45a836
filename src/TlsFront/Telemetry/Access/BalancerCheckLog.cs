using System.Net;
using TlsFront.Connections;

namespace TlsFront.Telemetry.Access;

/// <summary>
/// Lines of load balancers' checks, category <c>TlsFront.AccessLog</c>: the first of a listener at once, those that follow as one line each
/// <see cref="Interval"/>. They come every few seconds for as long as the gateway lives, and the metric counts every one.
/// </summary>
internal sealed partial class BalancerCheckLog : IConnectionEvents, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly ILogger _log;
    private readonly LineFolder<string> _lines;

    public BalancerCheckLog(ILoggerFactory loggers, TimeProvider time)
    {
        _log = loggers.CreateLogger(AccessLog.Category);
        _lines = new(Interval, time, Write);
    }

    public void Ended(ConnectionRecord record, TimeSpan lifetime)
    {
        if (record.IsBalancerCheck)
        {
            _lines.Add(record.Listener, record.Facts.Client, detail: null);
        }
    }

    /// <summary>Tells what was not told yet.</summary>
    public void Dispose() => _lines.Dispose();

    private void Write(string listener, FoldedLines lines) => Log.Checked(_log, listener, lines.Count, lines.Span.TotalSeconds, lines.Last!);

    private static partial class Log
    {
        [LoggerMessage(
            403, LogLevel.Information, "{Listener} balancer check count={Count} seconds={Seconds:F0} last={Client}",
            EventName = "BalancerCheck")]
        public static partial void Checked(ILogger logger, string listener, long count, double seconds, IPEndPoint client);
    }
}
