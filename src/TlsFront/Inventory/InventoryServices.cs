using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Inventory;

/// <summary>Registers the inventory, where the settings want one.</summary>
internal static class InventoryServices
{
    /// <summary>Registers it; null, or why it cannot be kept.</summary>
    public static string? AddInventory(this IServiceCollection services, InventorySettings settings)
    {
        if (!settings.IsKept)
        {
            return null;
        }

        if (!UserNames.TryCreate(settings, out var names, out var problem) || InventoryStore.Of(settings, out problem) is not { } store)
        {
            return $"inventory: {problem}";
        }

        services.AddSingleton(_ => store);
        services.AddSingleton(new LoginInventory(store, names, settings));
        services.AddSingleton(_ => new LoginBuffer(settings.Buffer));
        services.AddSubscriber<LoginRecorder>();
        services.AddSingleton<InventoryWriter>();
        services.AddHostedService(static provider => provider.GetRequiredService<InventoryWriter>());
        return null;
    }
}
