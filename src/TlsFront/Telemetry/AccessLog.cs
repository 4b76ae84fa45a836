using System.Net;
using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>
/// One line at each login and one at the end of each connection, category <c>TlsFront.AccessLog</c>. Fields that a client chose are
/// validated where they are parsed and cleaned here once more: a log line is a bad place to learn otherwise.
/// </summary>
internal sealed partial class AccessLog(ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger("TlsFront.AccessLog");

    /// <summary>Writes the line of a login.</summary>
    public void LoginEnded(ConnectionRecord record, bool accepted)
    {
        if (!_log.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var facts = record.Facts;
        Log.Login(
            _log, facts.Id, record.Listener, accepted ? "accepted" : "refused", facts.Client, Clean(record.User), Clean(facts.Tls?.ServerName),
            facts.Tls?.Version.Number() ?? "-", facts.Tls?.CipherSuite ?? "-", record.Backend ?? "-", record.Destination ?? "-");
    }

    /// <summary>Writes the line of an end.</summary>
    public void Ended(ConnectionRecord record, TimeSpan lifetime)
    {
        if (!_log.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var facts = record.Facts;
        Log.End(
            _log, facts.Id, record.Listener, record.CloseReason.Tag(), facts.Client, Clean(record.User), Clean(facts.Tls?.ServerName),
            facts.Tls?.Version.Number() ?? "-", facts.Tls?.CipherSuite ?? "-", record.Backend ?? "-", record.Destination ?? "-",
            record.BytesFromClient, record.BytesToClient, record.MessagesAccepted, lifetime.TotalSeconds, record.Detail ?? "-");
    }

    private static string Clean(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return "-";
        }

        return value.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            ? value
            : string.Concat(value.Select(character => character is >= '!' and <= '~' || char.IsLetterOrDigit(character) ? character : '?'));
    }

    private static partial class Log
    {
        [LoggerMessage(400, LogLevel.Information,
            "{Id} {Listener} login {Result} client={Client} user={User} name={ServerName} tls={TlsVersion} cipher={Cipher} backend={Backend} destination={Destination}",
            EventName = "Login")]
        public static partial void Login(
            ILogger logger, string id, string listener, string result, IPEndPoint client, string user, string serverName,
            string tlsVersion, string cipher, string backend, string destination);

        [LoggerMessage(401, LogLevel.Information,
            "{Id} {Listener} end {Reason} client={Client} user={User} name={ServerName} tls={TlsVersion} cipher={Cipher} backend={Backend} destination={Destination} in={BytesFromClient} out={BytesToClient} messages={Messages} seconds={Duration:F3} detail={Detail}",
            EventName = "ConnectionEnd")]
        public static partial void End(
            ILogger logger, string id, string listener, string reason, IPEndPoint client, string user, string serverName,
            string tlsVersion, string cipher, string backend, string destination, long bytesFromClient, long bytesToClient, int messages, double duration, string detail);
    }
}
