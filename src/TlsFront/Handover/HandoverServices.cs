namespace TlsFront.Handover;

/// <summary>Registers where this process stands between its predecessor and its successor.</summary>
internal static class HandoverServices
{
    public static void AddHandover(this IServiceCollection services)
    {
        services.AddSingleton(static _ => HandoverInvitation.Take());
        services.AddSingleton<Succession>();
        services.AddSingleton<ListeningSockets>();
    }
}
