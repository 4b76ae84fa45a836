using System.Buffers;
using System.Buffers.Text;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Imap;

/// <summary>The few pieces of IMAP's grammar (RFC 9051 section 9) that a front reads.</summary>
internal static class ImapSyntax
{
    /// <summary>Most octets of a tag; clients use up to a dozen.</summary>
    public const int MaxTag = 64;

    // ASTRING-CHAR without "+".
    private static readonly SearchValues<byte> TagCharacters =
        SearchValues.Create("!#$&',-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz|}~"u8);

    /// <summary>Whether <paramref name="tag"/> may be echoed and forwarded.</summary>
    public static bool IsTag(ReadOnlySpan<byte> tag) => tag.Length is > 0 and <= MaxTag && !tag.ContainsAnyExcept(TagCharacters);

    /// <summary>
    /// Whether the line announces a literal. RFC 7888 section 3: the end of every line is looked at, wherever it may stand in a command.
    /// </summary>
    /// <param name="line">A line without its end.</param>
    /// <param name="length">Octets announced; <see cref="int.MaxValue"/> when they do not fit nine digits.</param>
    /// <param name="synchronising">Whether the sender waits for a go-ahead, which it does not after <c>{n+}</c>.</param>
    public static bool EndsInLiteral(ReadOnlySpan<byte> line, out int length, out bool synchronising)
    {
        length = 0;
        synchronising = !line.EndsWith("+}"u8);
        var open = line.LastIndexOf((byte)'{');
        if (open < 0 || line[^1] != '}')
        {
            return false;
        }

        var digits = line[(open + 1)..^(synchronising ? 1 : 2)];
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        if (digits.Length > 9)
        {
            length = int.MaxValue;
            return true;
        }

        return Utf8Parser.TryParse(digits, out length, out _);
    }

    /// <summary>Whether somebody, however lenient, could take the end of the line for a literal.</summary>
    public static bool EndsInBraces(ReadOnlySpan<byte> line) => line.EndsWith("}"u8) && line.Contains((byte)'{');

    /// <summary>Length of the quoted string at the start of <paramref name="text"/>, quotes included, or 0 if there is none in order.</summary>
    public static int QuotedLength(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != '"')
        {
            return 0;
        }

        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                return at + 1;
            }

            // Only the two quoted-specials may be escaped: "\x-..." must not pass as another name than a lenient backend reads.
            if (text[at] == '\\' && (++at == text.Length || text[at] is not ((byte)'"' or (byte)'\\')))
            {
                return 0;
            }
        }

        return 0;
    }

    /// <summary>The user in the arguments of LOGIN, as far as they are not a literal.</summary>
    public static string? ReadUser(ReadOnlySpan<byte> arguments)
    {
        if (arguments.IsEmpty || arguments[0] != '"')
        {
            var end = arguments.IndexOf((byte)' ');
            return end > 0 ? UserName.FromUtf8(arguments[..end]) : null;
        }

        var quoted = QuotedLength(arguments);
        if (quoted is < 2 or > UserName.MaxBytes)
        {
            return null;
        }

        Span<byte> name = stackalloc byte[UserName.MaxBytes];
        var length = 0;
        for (var at = 1; at < quoted - 1; at++)
        {
            at += arguments[at] == '\\' ? 1 : 0;
            name[length++] = arguments[at];
        }

        return UserName.FromUtf8(name[..length]);
    }
}
