using System.Text.Json.Nodes;
using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary>A setting with a list of values, at least one where it is written at all.</summary>
internal abstract class SettingList<T>(string key, SettingType<T> type, string text) : Setting(key, text)
{
    public SettingType<T> Type { get; } = type;

    /// <summary>By what entries are told apart where none may be there twice; null where one may.</summary>
    public IEqualityComparer<T>? Unique { get; init; }

    /// <summary>Notes what is wrong with a valid entry: its section, its key, and the entry.</summary>
    public Action<SettingsScope, string, T>? Check { get; init; }

    public override string Description => $"list of {Type.Description}";

    /// <summary>What its absence means.</summary>
    public string DefaultWords { get; init; } = "";

    public override string DefaultText => DefaultWords;

    public override JsonObject ToJsonSchema() =>
        Describe(new() { ["type"] = "array", ["minItems"] = 1, ["items"] = Type.ToJsonSchema() }, DefaultWords);
}
