using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using TlsFront.Connections;

namespace TlsFront.Routing.Lookup;

/// <summary>
/// Reads answers as nginx does, from their headers alone, and more strictly where it matters who decides: another status than 2xx is no answer, which
/// nginx would not look at, and a header that stands twice is none either.
/// </summary>
internal static class LookupAnswerReader
{
    /// <summary>Longest wait that a service is granted: a connection is kept for it.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private const int MaxServer = 255;

    /// <summary>Reads an answer.</summary>
    public static LookupAnswer Read(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            return LookupAnswer.Failed(LookupResult.HttpStatus, $"status {(int)response.StatusCode}");
        }

        if (!TryGet(response, "Auth-Status", out var status, out var problem)
            || !TryGet(response, "Auth-Wait", out var seconds, out problem))
        {
            return Bad(problem);
        }

        var wait = ReadWait(seconds);
        return status switch
        {
            null => Bad("Auth-Status is missing"),
            "OK" => ReadServer(response),
            "WAIT" => new(LookupResult.Wait) { Wait = wait },
            _ => ReadRefusal(response, Utf8(status), wait),
        };
    }

    private static LookupAnswer ReadRefusal(HttpResponseMessage response, string words, TimeSpan wait) =>
        TryGet(response, "Auth-Error-Code", out var code, out var problem)
            ? new(LookupResult.Refused) { Wait = wait, Refusal = new(words, code, endsSession: wait == TimeSpan.Zero) }
            : Bad(problem);

    private static LookupAnswer ReadServer(HttpResponseMessage response)
    {
        if (!TryGet(response, "Auth-Server", out var server, out var problem)
            || !TryGet(response, "Auth-Port", out var port, out problem)
            || !TryGet(response, "Auth-User", out var user, out problem)
            || !TryGet(response, "Auth-Pass", out var password, out problem))
        {
            return Bad(problem);
        }

        string? name = null;
        return string.IsNullOrEmpty(server) || server.Length > MaxServer || !server.All(IsOfServer) ? Bad("Auth-Server is missing, or no address")
            : !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0
                ? Bad("Auth-Port is missing, or no port")
            : !string.IsNullOrEmpty(user) && (name = UserName.FromUtf8(Encoding.Latin1.GetBytes(user))) is null ? Bad("Auth-User is no user name")
            : password is { Length: > BackendLogin.MaxPassword } ? Bad("Auth-Pass is too long")
            : new(LookupResult.Found)
            {
                Server = server,
                Port = number,
                User = name,
                Password = string.IsNullOrEmpty(password) ? null : Encoding.Latin1.GetBytes(password),
            };
    }

    /// <summary>The value of a header that is there once; null if it is not there.</summary>
    private static bool TryGet(HttpResponseMessage response, string name, out string? value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = (null, null);
        if (!response.Headers.NonValidated.TryGetValues(name, out var values))
        {
            return true;
        }

        if (values.Count > 1)
        {
            problem = $"{name} stands there twice";
            return false;
        }

        value = values.ToString();
        return true;
    }

    /// <summary>Zero where there is none, or what is there is no number.</summary>
    private static TimeSpan ReadWait(string? seconds) =>
        seconds is null || seconds.Length == 0 || !seconds.All(char.IsAsciiDigit) ? TimeSpan.Zero
        : !int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > MaxWait.TotalSeconds ? MaxWait
        : TimeSpan.FromSeconds(count);

    private static LookupAnswer Bad(string detail) => LookupAnswer.Failed(LookupResult.BadAnswer, detail);

    // Nothing else is in an address or a host name, and it is going to be in a log.
    private static bool IsOfServer(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or ':' or '-' or '_' or '[' or ']' or '%';

    /// <summary>Headers were read an octet a character.</summary>
    private static string Utf8(string octets) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(octets));
}
