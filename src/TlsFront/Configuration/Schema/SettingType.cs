using System.Diagnostics.CodeAnalysis;

namespace TlsFront.Configuration.Schema;

/// <summary>A kind of value: what it looks like, and how it is read and written.</summary>
internal abstract class SettingType<T>
{
    /// <summary>What may be written, for the settings table; Markdown.</summary>
    public abstract string Description { get; }

    /// <summary>Reads <paramref name="text"/>, which is neither empty nor padded.</summary>
    public abstract bool TryParse(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Complaint? complaint);

    /// <summary>The form an operator would write.</summary>
    public virtual string Format(T value) => value?.ToString() ?? "";
}
