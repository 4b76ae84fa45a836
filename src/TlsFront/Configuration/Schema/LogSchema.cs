namespace TlsFront.Configuration.Schema;

/// <summary><c>log</c>.</summary>
internal static class LogSchema
{
    public static readonly SettingsSection<LogSettings> Section = new("log", "Log output.", new(),
        new Setting<LogSettings, LogFormat>("format", new ChoiceType<LogFormat>(("text", LogFormat.Text), ("json", LogFormat.Json)),
            static log => log.Format, static (log, value) => log with { Format = value },
            "Text lines, or one JSON object a line, on standard output.")
        { IsCold = true },
        new Setting<LogSettings, LogLevel>("level",
            new ChoiceType<LogLevel>(
                ("debug", LogLevel.Debug), ("information", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error)),
            static log => log.Level, static (log, value) => log with { Level = value },
            "Lowest level written.")
        { IsCold = true });
}
