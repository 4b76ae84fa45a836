using System.Text.RegularExpressions;

namespace TlsFront.Fuzzing.Models;

/// <summary>How strictly somebody reads lines.</summary>
/// <param name="EndsAtLineFeed">LF alone ends a line, too.</param>
/// <param name="EndsAtReturn">So does CR alone.</param>
/// <param name="Blanks">Octets of which any number, also around the line, stands for one space; empty: each space counts.</param>
internal sealed partial record LineRules(bool EndsAtLineFeed = false, bool EndsAtReturn = false, string Blanks = "")
{
    /// <summary>By the letter of the RFCs.</summary>
    public static LineRules Strict { get; } = new();

    /// <summary>Length of the line at the start of <paramref name="text"/> without its end, and with it; false if it has none yet.</summary>
    public bool TryFind(ReadOnlySpan<char> text, out int length, out int withEnd)
    {
        length = EndsAtReturn ? text.IndexOfAny('\r', '\n') : EndsAtLineFeed ? text.IndexOf('\n') : text.IndexOf("\r\n");
        withEnd = length + 1;
        if (length >= 0 && text[length] == '\r')
        {
            // Whether LF follows must be known.
            withEnd = length + 1 < text.Length ? length + (text[length + 1] == '\n' ? 2 : 1) : -1;
        }
        else if (length > 0 && text[length - 1] == '\r')
        {
            length--;
        }

        return length >= 0 && withEnd > 0;
    }

    /// <summary>The line as it is understood: words with one space between them.</summary>
    public string Canonical(string line)
    {
        if (Blanks.Length == 0)
        {
            return line;
        }

        var isTabBlank = Blanks.Contains('\t', StringComparison.Ordinal);
        return (isTabBlank ? SpacesAndTabs() : Spaces()).Replace(line, " ").Trim(' ');
    }

    [GeneratedRegex("[ \t]+")]
    private static partial Regex SpacesAndTabs();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
