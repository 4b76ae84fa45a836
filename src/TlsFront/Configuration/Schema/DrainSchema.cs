namespace TlsFront.Configuration.Schema;

/// <summary><c>drain</c>.</summary>
internal static class DrainSchema
{
    public static readonly Setting<TimeSpan> Delay = new("delay", new DurationType(TimeSpan.Zero, TimeSpan.FromHours(1)),
        "How long connections are still accepted after SIGTERM while `/readyz` already says no; load balancers take that long to notice.")
    { Default = TimeSpan.FromSeconds(15) };

    public static readonly Setting<TimeSpan> Timeout = new("timeout", new DurationType(TimeSpan.Zero, TimeSpan.FromHours(24)),
        "How long sessions may take to end after that.")
    {
        Default = TimeSpan.FromMinutes(2),
        Advice = timeout => timeout > TimeSpan.Zero ? null : new("cuts every session at shutdown, messages in transfer included", "write 2m, or at least 30s"),
    };

    public static readonly SettingsSection Section = new("drain", "Orderly shutdown.", Delay, Timeout);
}
