namespace TlsFront.Configuration;

/// <summary>Registers the settings in force, the watch over the files they point to, and their reload.</summary>
internal static class SettingsServices
{
    /// <param name="services">The gateway's services.</param>
    /// <param name="settings">The settings in force.</param>
    /// <param name="loader">Where they come from; null where they cannot change.</param>
    public static void AddSettings(this IServiceCollection services, SettingsStore settings, SettingsLoader? loader)
    {
        services.AddSingleton(settings);
        services.AddSingleton<SettingsFileWatcher>();
        services.AddHostedService(static provider => provider.GetRequiredService<SettingsFileWatcher>());
        if (loader is not null)
        {
            services.AddSingleton(loader);
            services.AddSingleton<SettingsReloader>();
            services.AddSingleton<IReloadHandler>(static provider => provider.GetRequiredService<SettingsReloader>());
            services.AddHostedService(static provider => provider.GetRequiredService<SettingsReloader>());
            services.AddHostedService<ReloadSignal>();
        }
    }
}
