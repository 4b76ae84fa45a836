namespace TlsFront.Configuration;

/// <summary>Something wrong with the settings, told so that an operator can mend it without reading anything else.</summary>
/// <param name="Severity">Whether the settings can be used nevertheless.</param>
/// <param name="Origin">Where to look.</param>
/// <param name="Setting">The setting as <c>--set</c> takes it, such as <c>listeners.0.address</c>; empty for the file as a whole.</param>
/// <param name="Value">What was written, or null where something is missing.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to write instead; empty where <paramref name="Message"/> says it.</param>
internal sealed record Problem(Severity Severity, Origin Origin, string Setting, string? Value, string Message, string Remedy)
{
    /// <summary>Long enough to recognise a value by.</summary>
    private const int ShownLength = 60;

    /// <summary>What is wrong, in one line whatever it quotes, such as a path.</summary>
    public string Message { get; } = OneLine(Message);

    /// <summary>What to write instead, in one line.</summary>
    public string Remedy { get; } = OneLine(Remedy);

    /// <summary><c>setting "value" what is wrong</c>, fit for a terminal and a log line.</summary>
    public string Subject =>
        string.Join(' ', new[] { Printable(Setting), Value is null ? "" : $"\"{Printable(Value)}\"", Message }.Where(part => part.Length > 0));

    /// <summary>What is wrong and what to do.</summary>
    public string Sentence => Remedy.Length > 0 ? $"{Subject}; {Remedy}" : Subject;

    /// <summary>One line: <c>file:line: severity: setting "value" what is wrong; what to do</c>.</summary>
    public override string ToString() => $"{Origin}: {Severity.ToString().ToLowerInvariant()}: {Sentence}";

    private static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter)) : text;

    private static string Printable(string text)
    {
        var shown = text.Length > ShownLength ? text[..ShownLength] + "..." : text;
        return string.Concat(shown.Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
    }
}
