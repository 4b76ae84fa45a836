using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Tls.Tickets;

namespace TlsFront.Transport;

/// <summary>Registers the engine that the settings choose.</summary>
internal static class TransportServices
{
    public static void AddTransport(this IServiceCollection services, GatewaySettings settings)
    {
        services.AddSingleton(provider => EngineSelection.Create(
            settings.Engine,
            settings.Native,
            provider.GetRequiredService<TicketKeyStore>(),
            provider.GetRequiredService<IMemoryPoolFactory<byte>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(static provider => provider.GetRequiredService<TransportEngine>().Backends);
    }
}
