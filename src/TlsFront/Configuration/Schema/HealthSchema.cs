namespace TlsFront.Configuration.Schema;

/// <summary><c>health</c> of a backend.</summary>
internal static class HealthSchema
{
    private static readonly HealthSettings Defaults = new();

    public static readonly Setting<TimeSpan> Interval = new("interval", new DurationType(TimeSpan.Zero, TimeSpan.FromHours(1)),
        "Time between two probes, up to a tenth more by chance. A probe connects as a session does, PROXY header included, reads the greeting and says goodbye; it never logs in. With `tcp` it only connects. `0s`: none.")
    { Default = Defaults.Interval };

    public static readonly Setting<TimeSpan> Timeout = new("timeout", new DurationType(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
        "How long a probe may take.")
    { Default = Defaults.Timeout };

    public static readonly Setting<int> UnhealthyAfter = new("unhealthyAfter", new CountType(1, 100),
        "Probes that failed in a row, or sessions that got no connection or greeting in a row, after which a destination gets no more sessions.")
    { Default = Defaults.UnhealthyAfter };

    public static readonly Setting<int> HealthyAfter = new("healthyAfter", new CountType(1, 100),
        "Good probes in a row after which it gets sessions again.")
    { Default = Defaults.HealthyAfter };

    public static readonly Setting<TimeSpan> EjectFor = new("ejectFor", new DurationType(TimeSpan.Zero, TimeSpan.FromHours(1)),
        "How long a destination that failed sessions gets no more while there is another to try; never the last one available. `0s`: only probes decide.")
    { Default = Defaults.EjectFor };

    public static readonly SettingsSection Section = new("health", "Which destinations get sessions.",
        Interval, Timeout, UnhealthyAfter, HealthyAfter, EjectFor);
}
