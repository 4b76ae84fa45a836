using TlsFront.Configuration;

namespace TlsFront.Gateway;

/// <summary>Registers what takes a connection from its listener to a backend.</summary>
internal static class SessionServices
{
    public static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<ListenerTable>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<PolicyGate>();
        services.AddSingleton(static provider => new TlsTermination(
            provider.GetRequiredService<PolicyGate>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<SessionRegistry>().Aborted));
        services.AddSingleton<BackendConnector>();
        services.AddSingleton<LookupGuide>();
        services.AddSingleton<SessionGuide>();
        services.AddSingleton<MasterAccounts>();
        services.AddSingleton<ISettingsFiles>(static provider => provider.GetRequiredService<MasterAccounts>());
        services.AddSingleton<Evacuations>();
        services.AddSingleton<GatewayHandler>();
    }
}
