using System.Diagnostics.CodeAnalysis;

namespace TlsFront.Connections;

/// <summary>Registers who is told of connections.</summary>
internal static class ConnectionSubscribers
{
    /// <summary>Adds one, once for the process, behind those that were added before.</summary>
    public static void AddSubscriber<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this IServiceCollection services)
        where T : class, IConnectionEvents
    {
        services.AddSingleton<T>();
        services.AddSingleton<IConnectionEvents>(static provider => provider.GetRequiredService<T>());
    }
}
