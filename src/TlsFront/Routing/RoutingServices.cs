using TlsFront.Configuration;
using TlsFront.Routing.Lookup;

namespace TlsFront.Routing;

/// <summary>Registers what decides which backend a user belongs to.</summary>
internal static class RoutingServices
{
    public static void AddUserRouting(this IServiceCollection services)
    {
        services.AddSingleton<UserRouter>();
        services.AddSingleton<UserOverrides>();
        services.AddSingleton<UserLookups>();
        services.AddSingleton<ISettingsFiles>(static provider => provider.GetRequiredService<UserLookups>());
        services.AddSingleton<ISettingsFiles>(static provider => provider.GetRequiredService<UserRouter>());
    }
}
