using Microsoft.AspNetCore.Connections;
using TlsFront.Admin.Live;
using TlsFront.Configuration;

namespace TlsFront.Admin;

/// <summary>Registers and maps the admin endpoint.</summary>
internal static class AdminServices
{
    public static void AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton<IConnectionListenerFactory, AdminListenerFactory>();
        services.AddSingleton<AdminToken>();
        services.AddSingleton<ISettingsFiles>(static provider => provider.GetRequiredService<AdminToken>());
        services.AddSingleton<AdminGuard>();
        services.AddSingleton<StatusReporter>();
        services.AddSingleton<AdminCommands>();
        services.AddSingleton<UserCommands>();
        services.AddSingleton<InventoryTurn>();
        services.AddSingleton<WhatIfEndpoint>();
        services.AddSingleton<MigrationWatch>();
        services.AddSingleton<ClientWatch>();
        services.AddSingleton<LiveDocuments>();
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<LiveStream>();
        services.AddSingleton<LivePage>();
    }

    public static void MapAdmin(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<AdminGuard>().InvokeAsync);
        app.MapHealth();
        app.Services.GetRequiredService<AdminCommands>().Map(app);
        app.Services.GetRequiredService<UserCommands>().Map(app);
        app.Services.GetRequiredService<WhatIfEndpoint>().Map(app);
        app.Services.GetRequiredService<LiveStream>().Map(app);
        app.Services.GetRequiredService<LivePage>().Map(app);
    }
}
