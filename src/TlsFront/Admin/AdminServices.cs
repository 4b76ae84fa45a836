using Microsoft.AspNetCore.Connections;

namespace TlsFront.Admin;

/// <summary>Registers and maps the admin endpoint.</summary>
internal static class AdminServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<IConnectionListenerFactory, AdminSocketFactory>();
        services.AddSingleton<AdminToken>();
        services.AddSingleton<AdminGuard>();
        services.AddSingleton<StatusReporter>();
        services.AddSingleton<AdminCommands>();
    }

    public static void Map(WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<AdminGuard>().InvokeAsync);
        app.MapHealth();
        app.Services.GetRequiredService<AdminCommands>().Map(app);
    }
}
