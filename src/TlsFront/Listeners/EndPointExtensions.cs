using Microsoft.AspNetCore.Server.Kestrel.Core;
using TlsFront.Admin;
using TlsFront.Configuration;
using TlsFront.Systemd;

namespace TlsFront.Listeners;

/// <summary>The addresses that Kestrel listens on.</summary>
internal static class EndPointExtensions
{
    /// <summary>The admin endpoint on its socket and its address.</summary>
    public static void ListenAsConfigured(this KestrelServerOptions kestrel, GatewaySettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.LimitAdmin();
        if (settings.Admin.Socket is { } path)
        {
            kestrel.Listen(new AdminSocketEndPoint(path, settings.Admin.SocketMode), static endpoint => endpoint.UseAdmin(isLocal: true));
        }

        var admin = BoundAddress.Of(settings.Admin.Address);
        var inherited = kestrel.ApplicationServices.GetRequiredService<InheritedSockets>().Find(admin);
        kestrel.Listen(new AdminAddressEndPoint(admin, inherited?.Descriptor), static endpoint => endpoint.UseAdmin(isLocal: false));
    }
}
