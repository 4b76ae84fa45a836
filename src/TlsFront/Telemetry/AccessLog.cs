using System.Net;
using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>
/// One line at each login and one at the end of each connection, category <c>TlsFront.AccessLog</c>. Fields that a client chose are
/// validated where they are parsed and cleaned here once more: a log line is a bad place to learn otherwise.
/// </summary>
internal sealed partial class AccessLog(ILoggerFactory loggers)
{
    /// <summary>Stands for a value that is not known.</summary>
    private const string Absent = "-";

    /// <summary>Longest value of a client in a line, in characters: no server name or user name that was validated is longer.</summary>
    private const int MaximumLength = 256;

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
            _log, facts.Id, record.Listener, accepted ? "accepted" : "refused", facts.Client, Via(record), Clean(record.User), Clean(facts.Tls?.ServerName),
            facts.Tls?.Version.Number() ?? Absent, facts.Tls?.CipherSuite ?? Absent, facts.Tls?.Group ?? Absent, Resumed(facts.Tls), record.Route ?? Absent, record.Backend ?? Absent, record.Destination ?? Absent, Trace(record));
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
            _log, facts.Id, record.Listener, record.CloseReason.Tag(), facts.Client, Via(record), Clean(record.ViaId), Clean(record.ViaServerName), Clean(record.User), Clean(facts.Tls?.ServerName),
            facts.Tls?.Version.Number() ?? Absent, facts.Tls?.CipherSuite ?? Absent, facts.Tls?.Group ?? Absent, Resumed(facts.Tls), record.Route ?? Absent, record.Backend ?? Absent, record.Destination ?? Absent,
            record.BytesFromClient, record.BytesToClient, record.MessagesAccepted, record.MessagesRefused, record.LoginsRefused,
            record.HandshakeDuration.TotalSeconds, record.ConnectDuration.TotalSeconds, lifetime.TotalSeconds, Trace(record),
            OneLine(record.Detail ?? record.CloseReason.Words()));
    }

    private static string Resumed(TlsFacts? tls) => tls?.Resumed switch
    {
        true => "yes",
        false => "no",
        null => Absent,
    };

    /// <summary>The trace itself, so that an exporter finds the span behind the id that the line shows.</summary>
    private static object Trace(ConnectionRecord record) => record.Trace ?? (object)Absent;

    private static string Via(ConnectionRecord record) => record.Via?.ToString() ?? Absent;

    /// <summary>A value without anything that could end it, its line or the reader's trust: no space, no control, no invisible character.</summary>
    private static string Clean(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return Absent;
        }

        if (value.Length > MaximumLength)
        {
            value = value[..MaximumLength];
        }

        return value.All(IsPlain) ? value : string.Concat(value.Select(static character => IsPlain(character) ? character : '?'));
    }

    /// <summary>The last field, which may have spaces: some of its words come from TLS libraries.</summary>
    private static string OneLine(string sentence) => string.Join(' ', sentence.Split(' ').Select(static word => word.Length == 0 ? word : Clean(word)));

    private static bool IsPlain(char character) => character is >= '!' and <= '~' || char.IsLetterOrDigit(character);

    private static partial class Log
    {
        [LoggerMessage(400, LogLevel.Information,
            "{Id} {Listener} login {Result} client={Client} via={Via} user={User} name={ServerName} tls={TlsVersion} cipher={Cipher} group={Group} resumed={Resumed} route={Route} backend={Backend} destination={Destination} trace={Trace}",
            EventName = "Login")]
        public static partial void Login(
            ILogger logger, string id, string listener, string result, IPEndPoint client, string via, string user, string serverName,
            string tlsVersion, string cipher, string group, string resumed, string route, string backend, string destination, object trace);

        [LoggerMessage(401, LogLevel.Information,
            "{Id} {Listener} end {Reason} client={Client} via={Via} viaId={ViaId} viaName={ViaServerName} user={User} name={ServerName} tls={TlsVersion} cipher={Cipher} group={Group} resumed={Resumed} route={Route} backend={Backend} destination={Destination} "
            + "in={BytesFromClient} out={BytesToClient} messages={Messages} refused={MessagesRefused} failedLogins={LoginsRefused} "
            + "handshake={Handshake:F3} connect={Connect:F3} seconds={Duration:F3} trace={Trace} detail={Detail}",
            EventName = "ConnectionEnd")]
        public static partial void End(
            ILogger logger, string id, string listener, string reason, IPEndPoint client, string via, string viaId, string viaServerName, string user, string serverName,
            string tlsVersion, string cipher, string group, string resumed, string route, string backend, string destination, long bytesFromClient, long bytesToClient,
            int messages, int messagesRefused, int loginsRefused, double handshake, double connect, double duration, object trace, string detail);
    }
}
