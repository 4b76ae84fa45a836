using TlsFront.Configuration;

namespace TlsFront.Policies;

/// <summary>Registers what decides how users may log in.</summary>
internal static class PolicyServices
{
    public static void AddPolicies(this IServiceCollection services)
    {
        services.AddSingleton<LoginPolicies>();
        services.AddHostedService<PolicyEndings>();
        services.AddSingleton<ISettingsFiles>(static provider => provider.GetRequiredService<LoginPolicies>());
    }
}
