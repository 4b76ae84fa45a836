using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A setting with one value.</summary>
internal abstract class Setting<T>(string key, SettingType<T> type, string text) : Setting(key, text)
{
    public SettingType<T> Type { get; } = type;

    /// <summary>Value where nothing is written and nothing else is said by <see cref="DefaultWords"/>.</summary>
    public T? Default { get; private protected set; }

    /// <summary>The default in words where it depends on other settings.</summary>
    public string? DefaultWords { get; init; }

    /// <summary>Says what is unwise about a valid value, or null. It gives a warning.</summary>
    public Func<T, ValueProblem?>? Advice { get; init; }

    public override string Description => Type.Description;

    public override string DefaultText => DefaultWords ?? (IsRequired || Default is null ? "" : $"`{Type.Format(Default)}`");

    public override JsonObject ToJsonSchema()
    {
        var schema = Describe(Type.ToJsonSchema(), DefaultWords);
        if (DefaultWords is null && !IsRequired && Default is not null)
        {
            schema["default"] = Type.ToJson(Default);
        }

        return schema;
    }
}
