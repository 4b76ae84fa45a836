using System.Net;

namespace TlsFront.Configuration.Schema;

/// <summary><c>admin</c>.</summary>
internal static class AdminSchema
{
    public static readonly Setting<IPEndPoint> Address = new("address", new ListenAddressType(),
        "Plain HTTP without authentication: `/metrics`, `/livez`, `/readyz`.")
    {
        Default = new(IPAddress.Loopback, 9090),
        IsCold = true,
        Advice = address => IPAddress.IsLoopback(address.Address) ? null : new(
            "offers metrics and health without authentication to other machines",
            "write 127.0.0.1, or let only the monitoring reach the port"),
    };

    public static readonly SettingsSection Section = new("admin", "Metrics and health.", Address);
}
