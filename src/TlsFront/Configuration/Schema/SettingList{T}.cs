using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A setting with a list of values, at least one where it is written at all.</summary>
internal sealed class SettingList<T>(string key, SettingType<T> type, string text) : Setting(key, text)
{
    public SettingType<T> Type { get; } = type;

    public override string Description => $"list of {Type.Description}";

    /// <summary>What its absence means.</summary>
    public string DefaultWords { get; init; } = "";

    public override string DefaultText => DefaultWords;

    public override JsonObject ToJsonSchema() =>
        Describe(new() { ["type"] = "array", ["minItems"] = 1, ["items"] = Type.ToJsonSchema() }, DefaultWords);
}
