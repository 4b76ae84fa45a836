namespace TlsFront.Configuration.Schema;

/// <summary><c>drain</c>.</summary>
internal static class DrainSchema
{
    public static readonly SettingsSection<DrainSettings> Section = new("drain", "Orderly shutdown.", new(),
        new Setting<DrainSettings, TimeSpan>("delay", new DurationType(TimeSpan.Zero, TimeSpan.FromHours(1)),
            static drain => drain.Delay, static (drain, value) => drain with { Delay = value },
            "How long connections are still accepted after SIGTERM while `/readyz` already says no; load balancers take that long to notice."),
        new Setting<DrainSettings, TimeSpan>("timeout", new DurationType(TimeSpan.Zero, TimeSpan.FromHours(24)),
            static drain => drain.Timeout, static (drain, value) => drain with { Timeout = value },
            "How long sessions may take to end after that.")
        {
            Advice = static timeout => timeout > TimeSpan.Zero ? null
                : new("cuts every session at shutdown, messages in transfer included", "write 2m, or at least 30s"),
        });
}
