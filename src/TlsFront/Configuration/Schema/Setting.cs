namespace TlsFront.Configuration.Schema;

/// <summary>
/// The one definition of a setting. Reading, checking, "did you mean" and the table of the README all come from it.
/// </summary>
/// <param name="key">Name in the file.</param>
/// <param name="text">What it is for, one or two sentences.</param>
internal abstract class Setting(string key, string text)
{
    public string Key { get; } = key;

    public string Text { get; } = text;

    /// <summary>Whether there is no default.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether a change takes effect at the next start only.</summary>
    public bool IsCold { get; init; }

    /// <summary>What may be written; Markdown.</summary>
    public abstract string Description { get; }

    /// <summary>The default as an operator would write it, or in words; empty if there is none.</summary>
    public abstract string DefaultText { get; }
}
