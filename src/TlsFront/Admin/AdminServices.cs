using Microsoft.AspNetCore.Connections;
using TlsFront.Admin.Live;

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
        services.AddSingleton<LiveDocuments>();
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<LiveStream>();
        services.AddSingleton<LivePage>();
    }

    public static void Map(WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<AdminGuard>().InvokeAsync);
        app.MapHealth();
        app.Services.GetRequiredService<AdminCommands>().Map(app);
        app.Services.GetRequiredService<LiveStream>().Map(app);
        app.Services.GetRequiredService<LivePage>().Map(app);
    }
}
