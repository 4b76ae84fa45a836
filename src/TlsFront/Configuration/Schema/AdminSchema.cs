using System.Net;

namespace TlsFront.Configuration.Schema;

/// <summary><c>admin</c>.</summary>
internal static class AdminSchema
{
    public static readonly Setting<IPEndPoint> Address = new("address", new ListenAddressType(),
        "Plain HTTP: `/metrics`, `/livez`, `/readyz` and `/api/v1/`. Reading takes no authentication, commands take the token.")
    { Default = new(IPAddress.Loopback, 9090), IsCold = true };

    public static readonly SettingList<string> HostNames = new("hostNames", new HostNameType("write a name without a port, such as tlsfront.monitoring.svc"),
        "Names besides `localhost`, the machine's own and `hostname` by which requests to `address` may ask, for scrapers that use one. Others are refused, so that no web page reads anything by letting a name of its own point here. Asking by IP address is always allowed.");

    public static readonly Setting<string> Socket = new("socket", new PathType("path"),
        "A Unix socket that offers the same. Whoever may connect to it may give commands. Relative to the folder of the configuration file.")
    { IsCold = true };

    public static readonly Setting<UnixFileMode> SocketMode = new("socketMode",
        new ChoiceType<UnixFileMode>(
            ("0600", AdminSettings.OwnerOnly),
            ("0660", AdminSettings.OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite)),
        "Who may connect to it: the gateway's user alone, or its group as well.")
    { Default = AdminSettings.OwnerOnly, IsCold = true };

    public static readonly Setting<string> TokenFile = new("tokenFile", new PathType("file"),
        "A file with the secret that commands over `address` need, at least 16 characters on one line and not readable by everybody. Read anew for each command. Without it commands are taken from `socket` alone.");

    public static readonly SettingsSection Section = new("admin", "Metrics, health, status and commands.", Address, HostNames, Socket, SocketMode, TokenFile);
}
