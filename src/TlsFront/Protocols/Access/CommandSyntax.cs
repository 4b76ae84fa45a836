using System.Buffers;
using System.Text;

namespace TlsFront.Protocols.Access;

/// <summary>Reads the words of a command line, strictly: what backends might read differently never gets to them.</summary>
internal static class CommandSyntax
{
    private static readonly SearchValues<byte> VerbCharacters =
        SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);

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
