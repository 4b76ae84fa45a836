using System.Buffers;
using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.Access;

namespace TlsFront.Protocols.Imap;

/// <summary>The few pieces of IMAP's grammar (RFC 9051 section 9) that a front reads.</summary>
internal static class ImapSyntax
{
    /// <summary>Most octets of a tag; clients use up to a dozen.</summary>
    public const int MaxTag = 64;

    // ASTRING-CHAR without "+".
    private static readonly SearchValues<byte> TagCharacters =
        SearchValues.Create("!#$&',-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz|}~"u8);

    // What ends an atom, or is part of none, to every server; RFC 9051's "%", "*", "\\" and 8-bit octets stand in passwords and pass for text.
    private static readonly SearchValues<byte> NeverInAtom =
        SearchValues.Create([.. Enumerable.Range(0, 33).Select(static octet => (byte)octet), (byte)'(', (byte)')', (byte)'{', (byte)'"', 127]);

    /// <summary>
    /// The command <paramref name="verb"/> stands for. Whatever is none of these has no business before the login (RFC 9051 section 6.2), or is
    /// an extension that we do not know and do not show (RFC 2971 section 5); COMPRESS (RFC 4978) would take the dialogue out of our sight.
    /// </summary>
    public static ImapCommand Classify(ReadOnlySpan<byte> verb) =>
        Ascii.EqualsIgnoreCase(verb, "LOGIN"u8) ? ImapCommand.Login
        : Ascii.EqualsIgnoreCase(verb, "AUTHENTICATE"u8) ? ImapCommand.Authenticate
        : Ascii.EqualsIgnoreCase(verb, "ID"u8) ? ImapCommand.Id
        : Ascii.EqualsIgnoreCase(verb, "LOGOUT"u8) ? ImapCommand.Logout
        : Ascii.EqualsIgnoreCase(verb, "LANGUAGE"u8) ? ImapCommand.Language
        : Ascii.EqualsIgnoreCase(verb, "CAPABILITY"u8) || Ascii.EqualsIgnoreCase(verb, "NOOP"u8) ? ImapCommand.Plain
        : ImapCommand.Unknown;

    /// <summary>Whether <paramref name="tag"/> may be echoed and forwarded.</summary>
    public static bool IsTag(ReadOnlySpan<byte> tag) => tag.Length is > 0 and <= MaxTag && !tag.ContainsAnyExcept(TagCharacters);

    /// <summary>Whether <paramref name="text"/> is a literal's announcement and nothing else.</summary>
    public static bool IsLiteral(ReadOnlySpan<byte> text) => StringSyntax.EndsInLiteral(text, out _, out _) && text.LastIndexOf((byte)'{') == 0;

    /// <summary>
    /// Length of the atom or quoted string at the start of <paramref name="text"/>, or 0 if there is none. Laxer than RFC 9051 where every
    /// server sees the same end: clients send passwords as they are.
    /// </summary>
    public static int AstringLength(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("\""u8))
        {
            var end = text.IndexOfAny(NeverInAtom);
            return end < 0 ? text.Length : end;
        }

        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                return at + 1;
            }

            at += text[at] == '\\' ? 1 : 0;
        }

        return 0;
    }

    /// <summary>Whether <paramref name="text"/> is one or more atoms and quoted strings, one space apart.</summary>
    public static bool AreWords(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var length = AstringLength(text);
            if (length == 0 || length == text.Length)
            {
                return length > 0;
            }

            if (text[length] != ' ')
            {
                return false;
            }

            text = text[(length + 1)..];
        }
    }

    /// <summary>
    /// Copies what the atom or quoted string <paramref name="text"/> stands for; false if there is no room for it. "\x" is "x", as servers read it,
    /// although it is none of the quoted-specials.
    /// </summary>
    public static bool TryReadAstring(ReadOnlySpan<byte> text, Span<byte> value, out int length)
    {
        var isQuoted = text.StartsWith("\""u8);
        text = isQuoted ? text[1..^1] : text;
        length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            at += isQuoted && text[at] == '\\' ? 1 : 0;
            if (length == value.Length)
            {
                return false;
            }

            value[length++] = text[at];
        }

        return true;
    }

    /// <summary>The user in the arguments of LOGIN, as far as they are not a literal.</summary>
    public static string? ReadUser(ReadOnlySpan<byte> arguments)
    {
        if (arguments.IsEmpty || arguments[0] != '"')
        {
            var end = arguments.IndexOf((byte)' ');
            return end > 0 ? UserName.FromUtf8(arguments[..end]) : null;
        }

        var quoted = AstringLength(arguments);
        if (quoted is < 2 or > UserName.MaxBytes)
        {
            return null;
        }

        Span<byte> name = stackalloc byte[UserName.MaxBytes];
        TryReadAstring(arguments[..quoted], name, out var length);
        return UserName.FromUtf8(name[..length]);
    }
}
