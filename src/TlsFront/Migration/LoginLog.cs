using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Telemetry.Access;

namespace TlsFront.Migration;

/// <summary>
/// Reads logins from the gateway's own log, as text or JSON, with whatever a journal or a collector writes in front of a line. All other lines are
/// passed over. Fields hold no space, so no client can write one that is not its own.
/// </summary>
internal static partial class LoginLog
{
    private const string CategoryPrefix = "TlsFront.";

    private static readonly string Marker = $"{AccessLog.Category}[{AccessLog.LoginEvent}] ";

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

        // The first category of a line is its own: another one may be what a client said.
        var own = line.IndexOf(CategoryPrefix, StringComparison.Ordinal);
        var json = line.IndexOf('{', StringComparison.Ordinal);
        if (json >= 0 && json < own)
        {
            return TryReadJson(line[json..], out var timestamp, out var message, out var inner)
                && (inner is null ? TryParse(timestamp, message, out login) : TryParse(inner, out login));
        }

        return own >= 0 && string.CompareOrdinal(line, own, Marker, 0, Marker.Length) == 0
            && Moment().Match(line, 0, own) is { Success: true } moment
            && TryParse(moment.ValueSpan, line[(own + Marker.Length)..], out login);
    }

    /// <summary>Reads the gateway's own JSON, or the line that a journal or a container's log has put into its own.</summary>
    private static bool TryReadJson(string json, out string timestamp, out string message, out string? inner)
    {
        (timestamp, message, inner) = ("", "", null);
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.TryGetProperty("EventId", out var number) && number.ValueKind == JsonValueKind.Number
                && number.TryGetInt32(out var id) && id == AccessLog.LoginEvent
                && Text(root, "Category") == AccessLog.Category)
            {
                (timestamp, message) = (Text(root, "Timestamp") ?? "", Text(root, "Message") ?? "");
                return true;
            }

            inner = Text(root, "MESSAGE") ?? Text(root, "log");
        }
        catch (JsonException)
        {
            // A line that is cut off, or of somebody else.
        }

        return inner is not null;
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

        var tls = TlsVersions.Parse(Field("tls="));
        if (!IPEndPoint.TryParse(Field("client=") ?? "", out var client)
            || LoginTransports.Parse(Field("transport=")) is not { } transport
            || tls is null != (transport == LoginTransport.Cleartext))
        {
            return false;
        }

        login = new()
        {
            At = at,
            Listener = listener,
            Protocol = Field("protocol="),
            IsAccepted = words[3] == "accepted",
            Client = client.Address,
            User = Field("user=")?.ToLowerInvariant(),
            ServerName = Field("name="),
            Transport = transport,
            Tls = tls,
            HasWeakCipher = Field("cipher=") is { } cipher && CipherStrength.IsWeak(cipher),
            Offer = TlsVersions.Parse(Field("offersTls=")) is { } offered ? new(offered, Field("offersStrong=") == "yes") : null,
            Ja4 = Field("ja4="),
            Program = Field("program=") is { } program ? Uri.UnescapeDataString(program) : null,
            Policy = Field("policy="),
            Action = Array.Find(Enum.GetValues<PolicyAction>(), action => action.Tag() is { } tag && tag == Field("policyAction=")),
        };
        return true;
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")]
    private static partial Regex Moment();
}
