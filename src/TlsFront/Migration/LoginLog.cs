using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using TlsFront.Connections;
using TlsFront.Telemetry.Access;

namespace TlsFront.Migration;

/// <summary>
/// Reads logins from the gateway's own log, as text or JSON, with whatever a journal or a collector writes in front of a line. All other lines are
/// passed over. Fields hold no space, so no client can write one that is not its own.
/// </summary>
internal static partial class LoginLog
{
    private const string Marker = AccessLog.Category + "[400] ";
    private const int LoginEvent = 400;

    /// <summary>The logins of <paramref name="lines"/>.</summary>
    public static IEnumerable<ObservedLogin> Read(TextReader lines)
    {
        while (lines.ReadLine() is { } line)
        {
            if (TryParse(line, out var login))
            {
                yield return login;
            }
        }
    }

    /// <summary>The login that <paramref name="line"/> tells of, if it tells of one.</summary>
    public static bool TryParse(string line, [NotNullWhen(true)] out ObservedLogin? login)
    {
        login = null;
        var json = line.IndexOf('{', StringComparison.Ordinal);
        var at = line.IndexOf(Marker, StringComparison.Ordinal);
        if (at >= 0 && (json < 0 || at < json))
        {
            return Moment().Match(line, 0, at) is { Success: true } moment
                && TryParse(moment.ValueSpan, line[(at + Marker.Length)..], out login);
        }

        return json >= 0 && line.Contains(AccessLog.Category, StringComparison.Ordinal)
            && TryReadJson(line[json..], out var timestamp, out var message)
            && TryParse(timestamp, message, out login);
    }

    private static bool TryReadJson(string json, [NotNullWhen(true)] out string? timestamp, [NotNullWhen(true)] out string? message)
    {
        (timestamp, message) = (null, null);
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.TryGetProperty("EventId", out var number) && number.ValueKind == JsonValueKind.Number
                && number.TryGetInt32(out var id) && id == LoginEvent
                && Text(root, "Category") == AccessLog.Category)
            {
                (timestamp, message) = (Text(root, "Timestamp"), Text(root, "Message"));
            }
        }
        catch (JsonException)
        {
            // A line that is cut off, or of somebody else.
        }

        return timestamp is not null && message is not null;
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool TryParse(ReadOnlySpan<char> timestamp, string message, [NotNullWhen(true)] out ObservedLogin? login)
    {
        login = null;
        var words = message.Split(' ');
        if (words is not [_, var listener, "login", "accepted" or "refused", ..]
            || !DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            return false;
        }

        string? Field(string name) =>
            Array.Find(words, word => word.StartsWith(name, StringComparison.Ordinal)) is { } word && word.Length > name.Length
                && word[name.Length..] is var value and not AccessLogText.Absent ? value : null;

        var tls = Array.Find(Enum.GetValues<TlsVersion>(), version => version.Number() == Field("tls="));
        if (!IPEndPoint.TryParse(Field("client=") ?? "", out var client) || Field("security=") is not { } security || tls == default)
        {
            return false;
        }

        login = new()
        {
            At = at,
            Listener = listener,
            IsAccepted = words[3] == "accepted",
            Client = client.Address,
            User = Field("user=")?.ToLowerInvariant(),
            ServerName = Field("name="),
            Security = security,
            Tls = tls,
            Cipher = Field("cipher="),
            Ja4 = Field("ja4="),
            Action = Array.Find(Enum.GetValues<PolicyAction>(), action => action.Tag() is { } tag && tag == Field("policyAction=")),
        };
        return true;
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")]
    private static partial Regex Moment();
}
