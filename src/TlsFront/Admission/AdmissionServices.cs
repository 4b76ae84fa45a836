using TlsFront.Configuration;

namespace TlsFront.Admission;

/// <summary>Registers what decides who may connect.</summary>
internal static class AdmissionServices
{
    public static void AddAdmission(this IServiceCollection services)
    {
        services.AddSingleton<ConnectionBudget>();
        services.AddSingleton<ListenerBudgets>();
        services.AddSingleton<ProcessMemory>();
        services.AddSingleton<MemoryBudget>();
        services.AddHostedService(static provider => provider.GetRequiredService<MemoryBudget>());
        services.AddSingleton<ClientLimits>();
        services.AddSingleton<AddressLists>();
        services.AddSingleton<ISettingsFiles>(static provider => provider.GetRequiredService<AddressLists>());
    }
}
