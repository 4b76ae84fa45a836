using Microsoft.AspNetCore.DataProtection;
using Yarp.ReverseProxy.Configuration;

namespace TlsFront.Backends;

/// <summary>Registers what YARP does for the gateway: clusters, destinations and their state.</summary>
internal static class BackendServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddRouting();
        services.AddReverseProxy();

        // YARP asks for data protection for session affinity, which mail does not use; the default would write a key file.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddSingleton<IProxyConfigProvider, BackendConfigProvider>();
        services.AddSingleton<BackendPools>();
        services.AddSingleton<DestinationPicker>();
    }

    /// <summary>Clusters are loaded when the proxy is mapped, even though no HTTP route uses them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapReverseProxy();
}
