using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>Reads <c>health</c> of a backend.</summary>
internal static class HealthSettingsReader
{
    /// <summary>Reads it.</summary>
    public static HealthSettings Read(SettingsScope scope)
    {
        var health = new HealthSettings
        {
            Interval = scope.Read(HealthSchema.Interval),
            Timeout = scope.Read(HealthSchema.Timeout),
            UnhealthyAfter = scope.Read(HealthSchema.UnhealthyAfter),
            HealthyAfter = scope.Read(HealthSchema.HealthyAfter),
            EjectFor = scope.Read(HealthSchema.EjectFor),
        };
        if (health.Interval == TimeSpan.Zero)
        {
            WarnUseless(scope, HealthSchema.Timeout);
            WarnUseless(scope, HealthSchema.HealthyAfter);
        }
        else if (health.Interval < TimeSpan.FromSeconds(1))
        {
            scope.Fail(HealthSchema.Interval, new("is out of range", "write 0s for no probes, or 1s to 1h"));
        }

        return health;
    }

    private static void WarnUseless(SettingsScope scope, Setting setting)
    {
        if (scope.Has(setting))
        {
            scope.Warn(setting, new("has no effect: interval is 0s, so there are no probes", "remove it, or write an interval"));
        }
    }
}
