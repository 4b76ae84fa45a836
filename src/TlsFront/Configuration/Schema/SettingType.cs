using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A kind of value: what it looks like, and how it is read and written.</summary>
internal abstract class SettingType<T>
{
    /// <summary>What may be written, for the settings table; Markdown.</summary>
    public abstract string Description { get; }

    /// <summary>Reads <paramref name="text"/>, which is neither empty nor padded.</summary>
    public abstract bool TryParse(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out ValueProblem? problem);

    /// <summary>What a value means in a file in <paramref name="folder"/>: an absolute path for a relative one.</summary>
    public virtual T Resolve(T value, string folder) => value;

    /// <summary>The file or folder that a value names; null if it names none.</summary>
    public virtual string? FileOf(T value) => null;

    /// <summary>The form an operator would write.</summary>
    public virtual string Format(T value) => value?.ToString() ?? "";

    /// <summary>
    /// The JSON schema (draft-07) of what may be written, a new one each time. It refuses nothing that <see cref="TryParse"/> takes, save another
    /// case of words, and accepts more only where no schema can tell; <see cref="Description"/> goes with it.
    /// Patterns keep to RE2, which Helm's validator speaks.
    /// </summary>
    public abstract JsonObject ToJsonSchema();

    /// <summary>The same as <see cref="Format"/>, of the JSON type that the schema asks for.</summary>
    public virtual JsonNode ToJson(T value) => JsonValue.Create(Format(value));
}
