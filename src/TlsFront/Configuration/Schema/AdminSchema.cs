using System.Net;
using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary><c>admin</c>.</summary>
internal static class AdminSchema
{
    public static readonly Setting<AdminSettings, IPEndPoint> Address = new("address", new ListenAddressType(),
        static admin => admin.Address, static (admin, value) => admin with { Address = value },
        "Plain HTTP: `/metrics`, `/livez`, `/readyz` and `/api/v1/`. Reading takes no authentication, commands take the token.")
    { IsCold = true };

    public static readonly SettingList<AdminSettings, string> HostNames = new("hostNames",
        new HostNameType("write a name without a port, such as tlsfront.monitoring.svc"),
        static admin => admin.HostNames, static (admin, values) => admin with { HostNames = values },
        "Names besides `localhost`, the machine's own and `hostname` by which requests to `address` may ask, for scrapers that use one. Others are "
        + "refused, so that no web page reads anything by letting a name of its own point here. Asking by IP address is always allowed.");

    public static readonly Setting<AdminSettings, string?> Socket = new("socket", new PathType("path")!,
        static admin => admin.Socket, static (admin, value) => admin with { Socket = value },
        "A Unix socket that offers the same. Whoever may connect to it may give commands. Relative to the folder of the configuration file.")
    { IsCold = true };

    public static readonly Setting<AdminSettings, UnixFileMode> SocketMode = new("socketMode",
        new ChoiceType<UnixFileMode>(
            ("0600", AdminSettings.OwnerOnly),
            ("0660", AdminSettings.OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite)),
        static admin => admin.SocketMode, static (admin, value) => admin with { SocketMode = value },
        "Who may connect to it: the gateway's user alone, or its group as well.")
    { IsCold = true };

    public static readonly Setting<AdminSettings, string?> TokenFile = new("tokenFile", new PathType("file")!,
        static admin => admin.TokenFile, static (admin, value) => admin with { TokenFile = value },
        "A file with the secret that commands over `address` need, at least 16 characters on one line and not readable by everybody. "
        + "Read anew for each command. Without it commands are taken from `socket` alone.");

    public static readonly SettingsSection<AdminSettings> Section = new("admin", "Metrics, health, status and commands.",
        new(), Address, HostNames, Socket, SocketMode, TokenFile)
    { Check = AdminRules.Check };
}
