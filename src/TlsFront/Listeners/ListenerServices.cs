using TlsFront.Admin;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Listeners.SelfCheck;
using TlsFront.Listeners.Upgrade;
using TlsFront.Telemetry.Recent;
using TlsFront.Transport;

namespace TlsFront.Listeners;

/// <summary>Registers the mail listeners: what accepts, checks itself and drains.</summary>
internal static class ListenerServices
{
    public static void AddListeners(this IServiceCollection services)
    {
        services.AddSingleton<IHostLifetime, GatewayLifetime>();
        services.AddSingleton<MailListeners>();
        services.AddSingleton<MailConnections>();
        services.AddSingleton<MailListenerFactory>();
        services.AddSingleton<MailServer>();
        services.AddSingleton<OwnConnections>();
        services.AddSingleton<SelfHandshake>();
        services.AddSingleton<CertificateWatch>();
        services.AddHostedService(static provider => provider.GetRequiredService<CertificateWatch>());
        services.AddSingleton(StateVersions.Current);
        services.AddSingleton(static provider => new HandedStates(
        [
            provider.GetRequiredService<ClientLimits>(),
            provider.GetRequiredService<RecentActivity>(),
            .. provider.GetRequiredService<TransportEngine>().TicketKeys is { } keys ? new[] { keys } : [],
        ]));
        services.AddSingleton<Predecessor>();
        services.AddSingleton<SessionIntake>();
        services.AddSingleton<DecisionsIntake>();
        services.AddSingleton<ISuccessorLauncher, SuccessorLauncher>();
        services.AddSingleton<UpgradeCoordinator>();
        services.AddSingleton<DrainCoordinator>();
        services.AddSingleton<GatewayControl>();
        services.AddSingleton<IGatewayControl>(static provider => provider.GetRequiredService<GatewayControl>());
        services.AddSingleton<ServiceNotifier>();
        services.AddHostedService(static provider => provider.GetRequiredService<ServiceNotifier>());
        services.AddSingleton<IReloadObserver>(static provider => provider.GetRequiredService<ServiceNotifier>());
        services.AddSingleton<ObservedFigures>();

        // Behind the other services of this room, and in front of the admin endpoint.
        services.AddHostedService(static provider => provider.GetRequiredService<MailServer>());
    }
}
