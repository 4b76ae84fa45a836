using TlsFront.Connections;

namespace TlsFront.Telemetry.Access;

/// <summary>
/// One line at each login and one at the end of each connection, category <c>TlsFront.AccessLog</c>. Connections that were refused and load
/// balancers' checks have lines of their own, folded.
/// </summary>
internal sealed class AccessLog(ILoggerFactory loggers, TimeProvider time) : IConnectionEvents
{
    /// <summary>The category of its lines.</summary>
    public const string Category = "TlsFront.AccessLog";

    /// <summary>Number of the event of a login.</summary>
    public const int LoginEvent = 400;

    private readonly ILogger _log = loggers.CreateLogger(Category);
    private readonly ClientHistory _clients = new();

    public void LoginEnded(ConnectionRecord record, bool accepted)
    {
        if (accepted && _log.IsEnabled(LogLevel.Information))
        {
            _clients.Succeeded(record, time.GetUtcNow());
        }

        AccessLogLines.Login.Write(_log, record, new(accepted, default));
    }

    public void Ended(ConnectionRecord record, TimeSpan lifetime)
    {
        if (!record.CloseReason.IsRefusal() && !record.IsBalancerCheck)
        {
            AccessLogLines.End.Write(_log, record, new(default, lifetime, Seen(record)));
        }
    }

    /// <summary>In words that only the line has: nothing is made of them where it is not written.</summary>
    private string? Seen(ConnectionRecord record) =>
        _log.IsEnabled(LogLevel.Information)
        && (record.PolicyAction == PolicyAction.Refuse || record.CloseReason is CloseReason.TlsVersionTooOld or CloseReason.TlsNoSharedCipher)
            ? _clients.Refused(record)
            : null;
}
