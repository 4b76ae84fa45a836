using Microsoft.AspNetCore.DataProtection;
using TlsFront.Backends.Probes;
using TlsFront.Configuration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace TlsFront.Backends;

/// <summary>Registers what YARP does for the gateway: clusters, destinations, their probes and their state.</summary>
internal static class BackendServices
{
    public static void AddBackends(this IServiceCollection services)
    {
        services.AddRouting();

        // Before YARP's own, which then stand back.
        services.AddSingleton<IProbingRequestFactory, ProbeRequestFactory>();
        services.AddSingleton<IForwarderHttpClientFactory, ProbeClientFactory>();
        services.AddReverseProxy();

        // YARP asks for data protection for session affinity, which mail does not use;
        // the default would write a key file, and its hosted service one at every start.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.Remove(services.Single(static service =>
            service.ServiceType == typeof(IHostedService)
                && service.ImplementationType?.Assembly == typeof(DataProtectionBuilderExtensions).Assembly));
        services.AddSingleton<IProxyConfigProvider, BackendConfigProvider>();
        services.AddSingleton<IActiveHealthCheckPolicy, ProbePolicy>();
        services.AddSingleton<IAvailableDestinationsPolicy, AvailabilityPolicy>();
        services.AddSingleton<BackendPools>();
        services.AddSingleton<BackendGroups>();
        services.AddSingleton<INameLookup, SystemNameLookup>();
        services.AddSingleton<NameResolver>();
        services.AddSingleton<NamedDestinations>();
        services.AddSingleton<BackendAuthorities>();
        services.AddSingleton<ISettingsFiles>(static provider => provider.GetRequiredService<BackendAuthorities>());
        services.AddSingleton<BackendTlsFactory>();
        services.AddSingleton<BackendDialer>();
        services.AddSingleton<DestinationPicker>();
        services.AddSingleton<DestinationProbe>();
        services.AddSingleton<DestinationStates>();
        services.AddSingleton<ProbeHandler>();
        services.AddSingleton<SessionVerdicts>();
    }

    /// <summary>Clusters are loaded when the proxy is mapped, even though no HTTP route uses them.</summary>
    public static void MapBackends(this IEndpointRouteBuilder endpoints) => endpoints.MapReverseProxy();
}
