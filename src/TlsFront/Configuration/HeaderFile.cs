using System.Security.Cryptography;
using System.Text;

namespace TlsFront.Configuration;

/// <summary>
/// A file with headers of the operator's own for each request of a lookup, as nginx's <c>auth_http_header</c> adds them: a secret as a rule, by
/// which the service knows who asks.
/// </summary>
internal static class HeaderFile
{
    /// <summary>Most headers in a file.</summary>
    public const int Most = 16;

    /// <summary>Largest file accepted, in octets: what services accept of headers in all.</summary>
    private const int MaximumSize = 8 * 1024;

    private const string Remedy = "write lines \"Name: value\" of printable ASCII into it";

    /// <summary>What the gateway itself says, and what HTTP means by its own: twice, it would mean something else to each reader.</summary>
    private static readonly string[] OwnPrefixes = ["Auth-", "Client-", "Proxy-", "X-TlsFront-"];

    private static readonly string[] Own =
        ["Host", "Connection", "Content-Length", "Expect", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade"];

    /// <summary>Reads the file as it is now: a header a line, comments from <c>#</c> at the start of one.</summary>
    public static (IReadOnlyList<KeyValuePair<string, string>>? Content, IReadOnlyList<Problem> Problems) Read(string path)
    {
        byte[]? content = null;
        try
        {
            content = BoundedFile.Read(path, MaximumSize);
            return content is null ? Fail(null, "is larger than 8 KiB") : Parse(Encoding.Latin1.GetString(content));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return Fail(null, $"cannot be read: {exception.Message}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }

        (IReadOnlyList<KeyValuePair<string, string>>? Content, IReadOnlyList<Problem> Problems) Parse(string text)
        {
            var headers = new List<KeyValuePair<string, string>>();
            var number = 0;
            foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
            {
                number++;
                if (line.Length == 0 || line[0] == '#')
                {
                    continue;
                }

                // Never the line itself: it holds a secret.
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                var name = colon < 0 ? "" : line[..colon];
                var value = line[(colon + 1)..].Trim(' ');
                if (name.Length == 0 || !name.All(IsOfName) || value.Length == 0 || !value.All(static letter => letter is >= ' ' and <= '~'))
                {
                    return Fail(number, "is no \"Name: value\"");
                }

                if (Own.Contains(name, StringComparer.OrdinalIgnoreCase)
                    || OwnPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
                {
                    return Fail(number, $"names {name}, which is the gateway's to say");
                }

                headers.Add(new(name, value));
            }

            return headers.Count is > 0 and <= Most ? (headers, []) : Fail(null, $"holds {headers.Count} headers; 1 to {Most} are possible");
        }

        (IReadOnlyList<KeyValuePair<string, string>>? Content, IReadOnlyList<Problem> Problems) Fail(int? line, string what) =>
            (null, [new Problem(Severity.Error, new Origin(path, line), "", null, $"{new Origin(path, line)} {what}", Remedy)]);
    }

    /// <summary>RFC 9110 section 5.6.2.</summary>
    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal);
}
