using System.Buffers.Text;

namespace TlsFront.Protocols.Access;

/// <summary>Strings as IMAP and ManageSieve have them (RFC 9051 section 4.3, RFC 5804 section 4): quoted, or as literals.</summary>
internal static class StringSyntax
{
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

            if (text[at] is (byte)'\r' or (byte)'\n' or (byte)'\0')
            {
                return 0;
            }
        }

        return 0;
    }
}
