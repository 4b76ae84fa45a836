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

    /// <summary>What the gateway sends itself; a second one would mean something else to each reader.</summary>
    private static readonly string[] OwnPrefixes = ["Auth-", "Client-", "Proxy-", "X-TlsFront-", "If-"];

    /// <summary>What is HTTP's own between two hops, or makes of the answer what no lookup asks for.</summary>
    private static readonly string[] Own =
        ["Host", "Connection", "Content-Length", "Expect", "Keep-Alive", "Range", "TE", "Trailer", "Transfer-Encoding", "Upgrade"];

    /// <summary>Reads the file as it is now: a header a line; a line that begins with <c>#</c> is a comment.</summary>
    /// <returns>The headers, or what is wrong; and what an operator should know of the file's rights, if anything.</returns>
    public static (IReadOnlyList<KeyValuePair<string, string>>? Content, IReadOnlyList<Problem> Problems, string? Warning) Read(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var octets = new byte[MaximumSize + 1];
            var length = RandomAccess.Read(file, octets, 0);
            if (length > MaximumSize)
            {
                return Fail(null, "is larger than 8 KiB");
            }

            var (headers, line, mistake) = Parse(Encoding.Latin1.GetString(octets, 0, length));
            return mistake is not null ? Fail(line, mistake)
                : (headers, [], SecretFile.IsOpenToOthers(file)
                    ? $"others than its owner and group may read {path}, or others than its owner may write it; chmod 640 {path}"
                    : null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return Fail(null, $"cannot be read: {exception.Message}");
        }

        (IReadOnlyList<KeyValuePair<string, string>>? Content, IReadOnlyList<Problem> Problems, string? Warning) Fail(int? line, string what) =>
            (null, [new Problem(Severity.Error, new Origin(path, line), "", null, $"{new Origin(path, line)} {what}", Remedy)], null);
    }

    /// <summary>The headers, or the line with a mistake; its content is told to nobody: it is a secret.</summary>
    private static (List<KeyValuePair<string, string>> Headers, int? Line, string? Mistake) Parse(string text)
    {
        var headers = new List<KeyValuePair<string, string>>();
        using var request = new HttpRequestMessage();
        var number = 0;
        foreach (var line in text.Split('\n').Select(static line => line.EndsWith('\r') ? line[..^1] : line))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? "" : line[..colon];
            var value = line[(colon + 1)..].Trim(' ');
            if (name.Length == 0 || !name.All(IsOfName) || value.Length == 0 || !value.All(static letter => letter is >= ' ' and <= '~'))
            {
                return (headers, number, "is not of the form \"Name: value\"");
            }

            if (IsOwn(name.Replace('_', '-')))
            {
                return (headers, number, $"sets {name}, which the gateway sends itself, or which is HTTP's own");
            }

            if (headers.Exists(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                || !request.Headers.TryAddWithoutValidation(name, value))
            {
                return (headers, number, $"sets {name}, which is set already or is no header of a request");
            }

            headers.Add(new(name, value));
        }

        return (headers, null, headers.Count is > 0 and <= Most ? null : $"holds {headers.Count} headers; 1 to {Most} are allowed");
    }

    /// <summary>Services that see headers as variables know no difference between a hyphen and an underscore.</summary>
    private static bool IsOwn(string name) =>
        Own.Contains(name, StringComparer.OrdinalIgnoreCase)
        || OwnPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>RFC 9110 section 5.6.2.</summary>
    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal);
}
