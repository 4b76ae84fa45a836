using System.Text;
using TlsFront.Connections;

namespace TlsFront.Fuzzing.Models;

/// <summary>The SASL dialogue of a model server (RFC 4422), as far as it tells who logs in.</summary>
/// <param name="ignoresInitialResponse">Whether it asks for everything, whatever came with the command.</param>
internal sealed class SaslServer(bool ignoresInitialResponse = false)
{
    // Field separator of the OAuth mechanisms (RFC 7628 section 3.1).
    private const char Separator = '\u0001';

    private string _mechanism = "";
    private string? _name;
    private int _responses;
    private bool _hasIgnored;

    /// <summary>What became of the dialogue.</summary>
    public enum Outcome
    {
        /// <summary>It goes on.</summary>
        Challenge,

        /// <summary>Credentials were given.</summary>
        Credentials,

        /// <summary>No such mechanism, or no credentials.</summary>
        Refused,
    }

    /// <summary>Whose credentials were given; <see cref="AnyName"/> where only the mechanism knows.</summary>
    public string? User { get; private set; }

    /// <summary>Stands for a name that cannot be compared.</summary>
    public const string AnyName = "\0any";

    /// <summary>Before a name that the gateway may leave out: the client gave two.</summary>
    public const char Unsure = '\u0002';

    /// <summary>Whether a gateway that ends TLS must keep the mechanism from the server: with channel binding it names another session.</summary>
    public static bool IsForbidden(string mechanism) => mechanism.EndsWith("-PLUS", StringComparison.OrdinalIgnoreCase);

    /// <summary>The words behind AUTH or AUTHENTICATE.</summary>
    public Outcome Begin(IReadOnlyList<string> words)
    {
        if (words.Count is 0 or > 2 || words.Any(word => word.Length == 0))
        {
            return Outcome.Refused;
        }

        (_mechanism, _name, User, _responses) = (words[0].ToUpperInvariant(), null, null, 0);
        // To an empty response Dovecot asks again; in CRAM-MD5 the server speaks first.
        var hasInitial = words.Count == 2 && words[1] != "=";
        _hasIgnored = hasInitial && (ignoresInitialResponse || _mechanism == "CRAM-MD5");
        return _mechanism is not ("PLAIN" or "LOGIN" or "SCRAM-SHA-256" or "XOAUTH2" or "OAUTHBEARER" or "CRAM-MD5") ? Outcome.Refused
            : hasInitial && !_hasIgnored ? Respond(words[1])
            : Outcome.Challenge;
    }

    /// <summary>The client's next response.</summary>
    public Outcome Respond(string line)
    {
        _responses++;
        if (line == "*" || Decode(line) is not { } response)
        {
            return Outcome.Refused;
        }

        switch (_mechanism)
        {
            case "PLAIN":
                var parts = response.Split('\0');
                return parts.Length == 3 && parts[1].Length > 0 ? Name(parts[1]) : Outcome.Refused;
            case "XOAUTH2":
                return Name(Last(response, Separator, "user="));
            case "OAUTHBEARER":
                return Name(Last(response.Split(Separator)[0], ',', "a="));
            case "CRAM-MD5":
                return response.LastIndexOf(' ') is > 0 and var end ? Name(response[..end]) : Outcome.Refused;
            case "LOGIN" when _responses == 1:
                _name = response.Split('\0')[0];
                return Outcome.Challenge;
            case "LOGIN":
                return _name is { Length: > 0 } name ? Name(name) : Outcome.Refused;
            default:
                User = AnyName;
                return _responses < 2 ? Outcome.Challenge : Outcome.Credentials;
        }
    }

    private Outcome Name(string? name)
    {
        if (name is null)
        {
            return Outcome.Refused;
        }

        // "=2C" and "=3D" of the OAuth mechanisms are decoded by some.
        User = _mechanism == "OAUTHBEARER" && name.Contains('=', StringComparison.Ordinal) ? AnyName
            : (_hasIgnored && _mechanism != "CRAM-MD5" ? $"{Unsure}" : "") + UserName.FromUtf8(Encoding.Latin1.GetBytes(name));
        return Outcome.Credentials;
    }

    // Of a field that stands twice, servers that go through them take the last.
    private static string? Last(string text, char separator, string field) =>
        text.Split(separator)[..^1].LastOrDefault(part => part.StartsWith(field, StringComparison.Ordinal))?[field.Length..];

    // Some servers do without the padding, or ignore bits that no octet needs.
    private static string? Decode(string line)
    {
        var padded = line.TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        var octets = new byte[padded.Length];
        return line == "=" ? "" : Convert.TryFromBase64String(padded, octets, out var length) ? Encoding.Latin1.GetString(octets, 0, length) : null;
    }
}
