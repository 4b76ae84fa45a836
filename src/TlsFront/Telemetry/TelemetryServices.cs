using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Telemetry.Access;
using TlsFront.Telemetry.Recent;

namespace TlsFront.Telemetry;

/// <summary>Registers what is made of connections: figures, spans and lines.</summary>
internal static class TelemetryServices
{
    public static void AddConnectionTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<ConnectionEvents>();
        services.AddSingleton<RecordEnd>();
        services.AddSingleton<IBackendEvents>(static provider => provider.GetRequiredService<TlsFrontMetrics>());
        services.AddSingleton<IReloadObserver>(static provider => provider.GetRequiredService<TlsFrontMetrics>());

        // Told in this order. Lines come last: whoever reads one finds the figures up to date.
        services.AddSubscriber<TlsFrontMetrics>();
        services.AddSubscriber<ConnectionSpans>();
        services.AddSubscriber<RecentActivity>();
        services.AddSubscriber<RefusalLog>();
        services.AddSubscriber<BalancerCheckLog>();
        services.AddSubscriber<AccessLog>();
    }
}
