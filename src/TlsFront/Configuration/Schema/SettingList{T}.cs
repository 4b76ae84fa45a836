namespace TlsFront.Configuration.Schema;

/// <summary>A setting with a list of values, at least one.</summary>
internal sealed class SettingList<T>(string key, SettingType<T> type, string text) : Setting(key, text)
{
    public SettingType<T> Type { get; } = type;

    public override string Description => $"list of {Type.Description}";

    public override string DefaultText => "";
}
