using System.Buffers;
using System.Text;

namespace TlsFront.Protocols.Access;

/// <summary>Cuts a client's bytes into command lines, strictly: what backends might read differently never gets to them.</summary>
internal static class CommandLine
{
    private static readonly SearchValues<byte> NeverInside = SearchValues.Create([(byte)'\0', (byte)'\r']);

    private static readonly SearchValues<byte> VerbCharacters = SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Looks for the line at the start of <paramref name="input"/>.</summary>
    /// <param name="input">Everything the client has sent and nobody consumed.</param>
    /// <param name="maximum">Most bytes of a line, line end included.</param>
    /// <param name="line">The line without its end, if it is complete.</param>
    /// <param name="consumed">Bytes up to and including the line end, if there is one.</param>
    public static LineState Read(ReadOnlySpan<byte> input, int maximum, out ReadOnlySpan<byte> line, out int consumed)
    {
        line = default;
        consumed = input.IndexOf((byte)'\n') + 1;
        if (consumed > maximum || (consumed == 0 && input.Length > maximum))
        {
            return LineState.TooLong;
        }

        if (consumed == 0)
        {
            return LineState.Incomplete;
        }

        if (consumed < 2 || input[consumed - 2] != '\r' || input[..(consumed - 2)].ContainsAny(NeverInside))
        {
            return LineState.Malformed;
        }

        line = input[..(consumed - 2)];
        return LineState.Complete;
    }

    /// <summary>Whether a command that starts with <paramref name="first"/> can only be another protocol's, such as TLS inside TLS.</summary>
    public static bool IsForeign(byte first) => first is > (byte)'~' or < (byte)' ' and not ((byte)'\t' or (byte)'\r' or (byte)'\n');

    /// <summary>Whether the line is an HTTP request: a browser made to speak to a mail port must get nothing back that it could render.</summary>
    public static bool IsHttpRequest(ReadOnlySpan<byte> line)
    {
        SplitWord(line, out var rest);
        SplitWord(rest, out var version);
        return version.Length >= 5 && Ascii.EqualsIgnoreCase(version[..5], "HTTP/"u8);
    }

    /// <summary>Whether <paramref name="verb"/> is a word that no backend can read as another one; a tab, for one, separates words in some.</summary>
    public static bool IsVerb(ReadOnlySpan<byte> verb) => !verb.IsEmpty && !verb.ContainsAnyExcept(VerbCharacters);

    /// <summary>The bytes before the first space; <paramref name="rest"/> is what follows it.</summary>
    public static ReadOnlySpan<byte> SplitWord(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> rest)
    {
        var space = text.IndexOf((byte)' ');
        rest = space < 0 ? default : text[(space + 1)..];
        return space < 0 ? text : text[..space];
    }
}
