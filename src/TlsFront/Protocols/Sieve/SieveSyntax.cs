using System.Buffers;
using System.Text;
using TlsFront.Protocols.Access;

namespace TlsFront.Protocols.Sieve;

/// <summary>The few pieces of ManageSieve's grammar (RFC 5804 section 4) that a front reads.</summary>
internal static class SieveSyntax
{
    /// <summary>Most octets between the quotes of a string; what is longer must be a literal.</summary>
    public const int MaxQuoted = 1024;

    // What needs no escape in a quoted string, and no knowledge of UTF-8.
    private static readonly SearchValues<byte> PlainCharacters =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static octet => (byte)octet).Except("\"\\"u8.ToArray())]);

    /// <summary>
    /// The command <paramref name="verb"/> stands for. Whatever is none of these has no business before the login (RFC 5804 section 2), or is an
    /// extension that we do not know and do not show.
    /// </summary>
    public static SieveCommand Classify(ReadOnlySpan<byte> verb) =>
        Ascii.EqualsIgnoreCase(verb, "AUTHENTICATE"u8) ? SieveCommand.Authenticate
        : Ascii.EqualsIgnoreCase(verb, "CAPABILITY"u8) ? SieveCommand.Capability
        : Ascii.EqualsIgnoreCase(verb, "NOOP"u8) ? SieveCommand.Noop
        : Ascii.EqualsIgnoreCase(verb, "LOGOUT"u8) ? SieveCommand.Logout
        : SieveCommand.None;

    /// <summary>Whether <paramref name="value"/> fits between quotes as it is.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> value) => value.Length <= MaxQuoted && !value.ContainsAnyExcept(PlainCharacters);

    /// <summary>
    /// Length of a server's line with its literals, at the start of <paramref name="received"/>; 0 if it is not complete. It ends at LF, whatever
    /// quotes are open: no string holds one.
    /// </summary>
    public static int LineLength(ReadOnlySpan<byte> received)
    {
        var at = 0;
        while (true)
        {
            var length = received[at..].IndexOf((byte)'\n') + 1;
            var line = received.Slice(at, length).TrimEnd("\r\n"u8);
            at += length;
            if (length == 0 || !StringSyntax.EndsInLiteral(line, out var octets, out var synchronising))
            {
                return length == 0 ? 0 : at;
            }

            if (!synchronising || IsInQuotes(line))
            {
                return at;
            }

            if (octets > received.Length - at)
            {
                return 0;
            }

            at += octets;
        }
    }

    /// <summary>
    /// Length of a list of capabilities with the line that ends it, whatever that is, at the start of <paramref name="received"/>; 0 if it is not
    /// complete. <paramref name="last"/> is that line.
    /// </summary>
    public static int ListLength(ReadOnlySpan<byte> received, out ReadOnlySpan<byte> last)
    {
        last = default;
        for (var at = 0; LineLength(received[at..]) is > 0 and var length;)
        {
            last = received.Slice(at, length);
            at += length;
            if (!IsString(last))
            {
                return at;
            }
        }

        return 0;
    }

    /// <summary>Whether a server's line begins with a string: a capability, or a challenge.</summary>
    public static bool IsString(ReadOnlySpan<byte> line) => line[0] is (byte)'"' or (byte)'{';

    /// <summary>Whether <paramref name="line"/> has the status <paramref name="status"/>: OK, NO or BYE.</summary>
    public static bool IsStatus(ReadOnlySpan<byte> line, ReadOnlySpan<byte> status) =>
        line.Length >= status.Length
        && Ascii.EqualsIgnoreCase(line[..status.Length], status)
        && (line.Length == status.Length || line[status.Length] is (byte)' ' or (byte)'\r' or (byte)'\n');

    /// <summary>
    /// Reads the string at the start of <paramref name="text"/>, with the octets of its literal behind the line; false if there is none.
    /// </summary>
    /// <param name="text">What begins with it.</param>
    /// <param name="value">What stands in it; escapes are left as they are.</param>
    /// <param name="rest">What follows it.</param>
    public static bool TryTakeString(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> value, out ReadOnlySpan<byte> rest)
    {
        value = default;
        rest = text;
        if (!text.StartsWith("{"u8))
        {
            var quoted = StringSyntax.QuotedLength(text);
            value = quoted == 0 ? default : text[1..(quoted - 1)];
            rest = text[quoted..];
            return quoted > 0;
        }

        var header = text.IndexOf((byte)'\n') + 1;
        var announcement = text[..header].TrimEnd("\r\n"u8);
        if (announcement.LastIndexOf((byte)'{') != 0
            || !StringSyntax.EndsInLiteral(announcement, out var octets, out _)
            || octets > text.Length - header)
        {
            return false;
        }

        value = text.Slice(header, octets);
        rest = text[(header + octets)..];
        return true;
    }

    // In the text behind a status, "{5}" is text.
    private static bool IsInQuotes(ReadOnlySpan<byte> line)
    {
        var isInside = false;
        for (var at = 0; at < line.Length; at++)
        {
            isInside ^= line[at] == '"';
            at += isInside && line[at] == '\\' ? 1 : 0;
        }

        return isInside;
    }
}
