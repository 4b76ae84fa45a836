using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>
/// The one definition of a setting. Reading, checking, "did you mean", the JSON schema and the table of the README all come from it.
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

    /// <summary>
    /// The JSON schema (draft-07) of its values, a new one each time, with <see cref="Text"/> and what the schema itself cannot say.
    /// </summary>
    public abstract JsonObject ToJsonSchema();

    /// <summary>
    /// Adds to the schema of its values what editors show: what the setting is for, what may be written, and what its absence means.
    /// </summary>
    protected JsonObject Describe(JsonObject schema, string? defaultWords)
    {
        string[] words =
        [
            Text,
            // Words to choose from are shown anyway.
            schema.ContainsKey("enum") ? "" : $"{char.ToUpperInvariant(Description[0])}{Description[1..]}.",
            string.IsNullOrEmpty(defaultWords) ? "" : $"Default: {defaultWords}.",
            IsCold ? "A change needs a restart." : "",
        ];
        schema["description"] = string.Join("\n\n", words.Where(part => part.Length > 0));
        return schema;
    }
}
