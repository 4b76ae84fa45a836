using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace TlsFront.Protocols.Smtp;

/// <summary>Decides whether the path of RCPT can stand in the <c>for</c> clause of <c>Received</c>.</summary>
internal static class RecipientPath
{
    /// <summary>Longest mailbox kept, in octets (RFC 5321 section 4.5.3.1.3).</summary>
    private const int MaxLength = 254;

    // atext of RFC 5321 and the dot; quoted local parts are legal but rare, and not worth a second grammar in a comment field.
    private static readonly SearchValues<byte> LocalPart =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~."u8);
    private static readonly SearchValues<byte> Domain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."u8);

    /// <summary>The mailbox in the arguments of RCPT if it is of the plain <c>local@domain</c> form, otherwise null.</summary>
    /// <param name="arguments">From <c>TO:</c> on.</param>
    /// <param name="isInternationalized">Whether the transaction is under SMTPUTF8, so that non-ASCII is legal.</param>
    public static string? Read(ReadOnlySpan<byte> arguments, bool isInternationalized)
    {
        MailPath.Split(arguments, out var path);
        var at = path.LastIndexOf((byte)'@');
        var isPlain = at > 0 && at < path.Length - 1 && path.Length <= MaxLength
            && Holds(path[..at], LocalPart, isInternationalized) && Holds(path[(at + 1)..], Domain, isInternationalized);
        return isPlain ? Encoding.UTF8.GetString(path) : null;
    }

    private static bool Holds(ReadOnlySpan<byte> text, SearchValues<byte> allowed, bool isInternationalized)
    {
        if (!text.ContainsAnyExcept(allowed))
        {
            return true;
        }

        return isInternationalized && Utf8.IsValid(text) && !HoldsOther(text, allowed);
    }

    private static bool HoldsOther(ReadOnlySpan<byte> text, SearchValues<byte> allowed)
    {
        foreach (var rune in Encoding.UTF8.GetString(text).EnumerateRunes())
        {
            if (rune.IsAscii ? !allowed.Contains((byte)rune.Value) : !Rune.IsLetterOrDigit(rune) && !IsMark(rune))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
