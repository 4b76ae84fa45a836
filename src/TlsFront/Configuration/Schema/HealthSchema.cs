using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary><c>health</c> of a backend.</summary>
internal static class HealthSchema
{
    public static readonly Setting<HealthSettings, TimeSpan> Interval = new("interval", new DurationType(TimeSpan.Zero, TimeSpan.FromHours(1)),
        static health => health.Interval, static (health, value) => health with { Interval = value },
        "Time between two probes, up to a tenth more by chance. A probe connects as a session does, PROXY header included, "
        + "reads the greeting and says goodbye; it never logs in. With `tcp` it only connects. `0s`: none.");

    public static readonly Setting<HealthSettings, TimeSpan> Timeout =
        new("timeout", new DurationType(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
        static health => health.Timeout, static (health, value) => health with { Timeout = value },
        "How long a probe may take.");

    public static readonly Setting<HealthSettings, int> HealthyAfter = new("healthyAfter", new CountType(1, 100),
        static health => health.HealthyAfter, static (health, value) => health with { HealthyAfter = value },
        "Good probes in a row after which it gets sessions again.");

    public static readonly SettingsSection<HealthSettings> Section = new("health", "Which destinations get sessions.", new(),
        Interval, Timeout,
        new Setting<HealthSettings, int>("unhealthyAfter", new CountType(1, 100),
            static health => health.UnhealthyAfter, static (health, value) => health with { UnhealthyAfter = value },
            "Probes that failed in a row, or sessions that got no connection or greeting in a row, after which a destination gets no more sessions."),
        HealthyAfter,
        new Setting<HealthSettings, TimeSpan>("ejectFor", new DurationType(TimeSpan.Zero, TimeSpan.FromHours(1)),
            static health => health.EjectFor, static (health, value) => health with { EjectFor = value },
            "How long a destination that failed sessions gets no more while there is another to try; "
            + "never the last one available. `0s`: only probes decide."))
    { Check = CheckProbes };

    private static void CheckProbes(SettingsScope scope, HealthSettings health)
    {
        if (health.Interval == TimeSpan.Zero)
        {
            scope.WarnUseless("interval is 0s, so there are no probes", "remove it, or write an interval", Timeout, HealthyAfter);
        }
        else if (health.Interval < TimeSpan.FromSeconds(1))
        {
            scope.Fail(Interval, new("is out of range", "write 0s for no probes, or 1s to 1h"));
        }
    }
}
