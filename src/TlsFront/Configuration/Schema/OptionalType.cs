using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A value that may be absent.</summary>
internal sealed class OptionalType<T>(SettingType<T> inner) : SettingType<T?>
    where T : struct
{
    public override string Description => inner.Description;

    public override bool TryParse(string text, [MaybeNullWhen(false)] out T? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        var isGood = inner.TryParse(text, out var parsed, out problem);
        value = parsed;
        return isGood;
    }

    public override T? Resolve(T? value, string folder) => value is { } present ? inner.Resolve(present, folder) : null;

    public override string? FileOf(T? value) => value is { } present ? inner.FileOf(present) : null;

    public override string Format(T? value) => value is { } present ? inner.Format(present) : "";

    public override JsonObject ToJsonSchema() => inner.ToJsonSchema();

    public override JsonNode ToJson(T? value) => inner.ToJson(value.GetValueOrDefault());
}
