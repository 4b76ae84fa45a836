using TlsFront.Configuration;

namespace TlsFront.Policies;

/// <summary>Registers what decides who may connect.</summary>
internal static class PolicyServices
{
    public static void AddPolicies(this IServiceCollection services)
    {
        services.AddSingleton<ConnectionBudget>();
        services.AddSingleton<ListenerBudgets>();
        services.AddSingleton<ClientLimits>();
        services.AddSingleton<AddressLists>();
        services.AddSingleton<ISettingsFiles>(static provider => provider.GetRequiredService<AddressLists>());
    }
}
