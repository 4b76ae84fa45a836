namespace TlsFront.Telemetry.Access;

/// <summary>
/// Text of clients, fit for a line. It is validated where it is parsed and cleaned here once more: a log line is a bad place to learn otherwise.
/// </summary>
internal static class AccessLogText
{
    /// <summary>Stands for a value that is not known.</summary>
    public const string Absent = "-";

    /// <summary>Longest value of a client in a line, in characters: no server name or user name that was validated is longer.</summary>
    private const int MaximumWord = 256;

    /// <summary>Longest sentence; those of ours and of TLS libraries are shorter.</summary>
    private const int MaximumSentence = 1024;

    /// <summary>A value without anything that could end it, its line or the reader's trust: no space, no control, no invisible character.</summary>
    public static string Word(string? value) => Clean(value, MaximumWord, static character => IsPlain(character));

    /// <summary>The same for text that may have spaces: they are escaped as in a URL.</summary>
    public static string Words(string? value) =>
        Word(value?.Replace("%", "%25", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal));

    /// <summary>The last field, which may have spaces: some of its words come from TLS libraries.</summary>
    public static string Sentence(string? value) => Clean(value, MaximumSentence, static character => character == ' ' || IsPlain(character));

    private static string Clean(string? value, int maximum, Func<char, bool> isFit)
    {
        if (string.IsNullOrEmpty(value))
        {
            return Absent;
        }

        var text = value.Length > maximum ? value[..maximum] : value;
        foreach (var character in text)
        {
            if (!isFit(character))
            {
                return string.Create(text.Length, (text, isFit), static (cleaned, from) =>
                {
                    for (var index = 0; index < cleaned.Length; index++)
                    {
                        cleaned[index] = from.isFit(from.text[index]) ? from.text[index] : '?';
                    }
                });
            }
        }

        return text;
    }

    private static bool IsPlain(char character) => character is >= '!' and <= '~' || char.IsLetterOrDigit(character);
}
