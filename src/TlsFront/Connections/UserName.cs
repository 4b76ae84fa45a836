using System.Globalization;
using System.Text;

namespace TlsFront.Connections;

/// <summary>The one rule for user names that reach logs: at most <see cref="MaxLength"/> printable characters.</summary>
internal static class UserName
{
    /// <summary>Most characters of a name worth keeping.</summary>
    public const int MaxLength = 256;

    /// <summary>Most bytes of UTF-8 that can hold such a name.</summary>
    public const int MaxBytes = MaxLength * 3;

    /// <summary>The name, or null when it is empty, too long, not UTF-8, or holds anything that could forge or garble a log line.</summary>
    public static string? FromUtf8(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > MaxBytes)
        {
            return null;
        }

        var characters = 0;
        for (var rest = name; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf8(rest, out var rune, out var length) != System.Buffers.OperationStatus.Done || !IsPrintable(rune))
            {
                return null;
            }

            characters += rune.Utf16SequenceLength;
            rest = rest[length..];
        }

        return characters <= MaxLength ? Encoding.UTF8.GetString(name) : null;
    }

    // Format characters are out because they reorder or hide text (U+202E), separators because they break lines.
    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
