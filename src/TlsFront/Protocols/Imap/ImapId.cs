using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.Access;

namespace TlsFront.Protocols.Imap;

/// <summary>The grammar of ID (RFC 2971 section 3.3) and its limits.</summary>
internal static class ImapId
{
    /// <summary>Most fields.</summary>
    public const int MaxFields = 30;

    /// <summary>Most names and values.</summary>
    public const int MaxStrings = 2 * MaxFields;

    /// <summary>Most octets of a field's value.</summary>
    public const int MaxValue = 1024;

    /// <summary>Most octets of name and version of a program that are kept: those of mail programs have 40.</summary>
    private const int MaxProgram = 100;

    /// <summary>Most octets of a field's name.</summary>
    public const int MaxKey = 30;

    /// <summary>Whether <paramref name="arguments"/> are a list of fields in parentheses, none of them unfit for a quoted string.</summary>
    /// <param name="arguments">What follows the command's name, literals and their announcements included.</param>
    /// <param name="exceedsLimits">Whether there is too much of anything.</param>
    public static bool IsList(ReadOnlySpan<byte> arguments, out bool exceedsLimits)
    {
        exceedsLimits = false;
        if (!arguments.StartsWith("("u8))
        {
            return false;
        }

        var rest = arguments[1..].TrimStart((byte)' ');
        for (var fields = 0; !rest.SequenceEqual(")"u8);)
        {
            var key = ReadString(rest, out var name, out var header);
            if (name.IsEmpty || key == rest.Length || rest[key] != ' ')
            {
                return false;
            }

            rest = rest[(key + 1)..];
            var value = ReadValue(rest, out var text);
            rest = rest[value..];
            if (value == 0 || rest.IsEmpty || rest[0] is not ((byte)' ' or (byte)')'))
            {
                return false;
            }

            // A value that came as a literal has been measured when it was announced.
            exceedsLimits |= ++fields > MaxFields || (header > 0 ? name.Length : Octets(name)) > MaxKey || Octets(text) > MaxValue;
            rest = rest.TrimStart((byte)' ');
        }

        return true;
    }

    /// <summary>
    /// The program in <paramref name="arguments"/>, which are a list, as name and version with a slash between; null if they name none, or none that
    /// is fit for a log.
    /// </summary>
    public static string? ProgramOf(ReadOnlySpan<byte> arguments)
    {
        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> version = default;
        for (var rest = arguments[1..].TrimStart((byte)' '); rest.Length > 1; rest = rest.TrimStart((byte)' '))
        {
            rest = rest[(ReadString(rest, out var key, out _) + 1)..];
            rest = rest[ReadValue(rest, out var value)..];
            if (Ascii.EqualsIgnoreCase(key, "name"u8))
            {
                name = value;
            }
            else if (Ascii.EqualsIgnoreCase(key, "version"u8))
            {
                version = value;
            }
        }

        return name.Length + version.Length > MaxProgram || UserName.FromUtf8(name) is not { } program ? null
            : UserName.FromUtf8(version) is { } number ? $"{program}/{number}"
            : program;
    }

    /// <summary>
    /// Whether a field of this name is one by which Dovecot lets a proxy name the client's address and session: nobody else may send it.
    /// </summary>
    public static bool IsProxys(ReadOnlySpan<byte> name) => name.Length >= 2 && Ascii.EqualsIgnoreCase(name[..2], "x-"u8);

    /// <summary>Length of the string or NIL at the start of <paramref name="text"/>, or 0.</summary>
    public static int ReadValue(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> content)
    {
        content = default;
        return text.Length >= 3 && Ascii.EqualsIgnoreCase(text[..3], "NIL"u8) ? 3 : ReadString(text, out content, out _);
    }

    /// <summary>
    /// Length of the quoted string or literal at the start of <paramref name="text"/>, or 0 if there is none, or none that a quoted string could
    /// hold.
    /// </summary>
    /// <param name="text">What begins with it.</param>
    /// <param name="content">What is between the quotes, escapes included, or the literal's octets.</param>
    /// <param name="header">Length of a literal's announcement with its line end; 0 for a quoted string.</param>
    public static int ReadString(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> content, out int header)
    {
        content = default;
        header = 0;
        if (text.StartsWith("\""u8))
        {
            var length = StringSyntax.QuotedLength(text);
            content = length > 0 ? text[1..(length - 1)] : default;
            return length;
        }

        header = text.IndexOf((byte)'\n') + 1;
        if (header == 0 || !ImapSyntax.IsLiteral(text[..header].TrimEnd("\r\n"u8)))
        {
            return 0;
        }

        StringSyntax.EndsInLiteral(text[..header].TrimEnd("\r\n"u8), out var octets, out _);
        content = text.Slice(header, Math.Min(octets, text.Length - header));
        return content.Length == octets && !content.ContainsAny((byte)'\r', (byte)'\n', (byte)'\0') ? header + octets : 0;
    }

    // An escape is one octet of the string.
    private static int Octets(ReadOnlySpan<byte> content)
    {
        var escapes = 0;
        for (var at = 0; at < content.Length; at++)
        {
            if (content[at] == '\\')
            {
                escapes++;
                at++;
            }
        }

        return content.Length - escapes;
    }
}
