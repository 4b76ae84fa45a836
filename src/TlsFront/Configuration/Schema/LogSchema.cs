namespace TlsFront.Configuration.Schema;

/// <summary><c>log</c>.</summary>
internal static class LogSchema
{
    private static readonly LogSettings Defaults = new();

    public static readonly Setting<LogFormat> Format = new("format",
        new ChoiceType<LogFormat>(("text", LogFormat.Text), ("json", LogFormat.Json)),
        "Text lines, or one JSON object a line, on standard output.")
    { Default = Defaults.Format, IsCold = true };

    public static readonly Setting<LogLevel> Level = new("level",
        new ChoiceType<LogLevel>(("debug", LogLevel.Debug), ("information", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error)),
        "Lowest level written.")
    { Default = Defaults.Level, IsCold = true };

    public static readonly SettingsSection Section = new("log", "Log output.", Format, Level);
}
