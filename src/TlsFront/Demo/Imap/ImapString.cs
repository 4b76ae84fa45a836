using System.Globalization;

namespace TlsFront.Demo.Imap;

/// <summary>Strings in answers.</summary>
internal static class ImapString
{
    /// <summary>A quoted string where the text allows it, otherwise a literal.</summary>
    public static string Quote(string text) => text.Any(letter => letter is < ' ' or >= '\x7f')
        ? string.Create(CultureInfo.InvariantCulture, $"{{{text.Length}}}\r\n{text}")
        : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>The same, or NIL for null.</summary>
    public static string QuoteOrNil(string? text) => text is null ? "NIL" : Quote(text);
}
