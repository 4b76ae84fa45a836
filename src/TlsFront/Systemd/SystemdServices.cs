namespace TlsFront.Systemd;

/// <summary>Registers what a service manager handed to this process.</summary>
internal static class SystemdServices
{
    public static void AddSystemd(this IServiceCollection services)
    {
        services.AddSingleton(InheritedSockets.Take());
        services.AddSingleton(ServiceManager.FromEnvironment(Environment.GetEnvironmentVariable, Environment.ProcessId));
    }
}
