using System.Net;
using System.Text;
using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>Reads <c>admin</c>.</summary>
internal static class AdminSettingsReader
{
    /// <summary>Octets of <c>sockaddr_un.sun_path</c>, the zero at the end apart.</summary>
    private const int LongestSocketPath = 107;

    /// <summary>Reads it; paths become absolute, starting from <paramref name="folder"/>.</summary>
    public static AdminSettings Read(SettingsScope scope, string folder)
    {
        var settings = new AdminSettings(scope.Read(AdminSchema.Address))
        {
            HostNames = [.. scope.ReadList(AdminSchema.HostNames).Select(entry => entry.Value)],
            Socket = Absolute(scope.Read(AdminSchema.Socket), folder),
            SocketMode = scope.Read(AdminSchema.SocketMode),
            TokenFile = Absolute(scope.Read(AdminSchema.TokenFile), folder),
        };
        if (settings.TokenFile is { } token && !TokenFile.TryRead(token, out _, out var complaint))
        {
            scope.Fail(AdminSchema.TokenFile, complaint);
        }

        CheckSocket(scope, settings.Socket);
        if (!IPAddress.IsLoopback(settings.Address.Address))
        {
            scope.Warn(AdminSchema.Address, settings.TokenFile is null
                ? new("offers metrics, health and the state of every backend to other machines, without authentication, and takes no commands: there is no admin.tokenFile",
                    "write 127.0.0.1, or let only the monitoring reach the port")
                : new("offers metrics, health and the state of every backend to other machines, without authentication, and the token crosses the network in clear",
                    "write 127.0.0.1, or let only the monitoring reach the port"));
        }

        return settings;
    }

    private static string? Absolute(string? path, string folder) => path is null ? null : Path.GetFullPath(Path.Combine(folder, path));

    private static void CheckSocket(SettingsScope scope, string? path)
    {
        if (path is null)
        {
            if (scope.Has(AdminSchema.SocketMode))
            {
                scope.Warn(AdminSchema.SocketMode, new("has no effect: there is no admin.socket", "remove it, or write socket: PATH"));
            }
        }
        else if (Encoding.UTF8.GetByteCount(path) > LongestSocketPath)
        {
            scope.Fail(AdminSchema.Socket, new($"is too long for a socket: {path} has more than {LongestSocketPath} octets", "choose a shorter path, such as /run/tlsfront/admin.sock"));
        }
        else if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            scope.Fail(AdminSchema.Socket, new($"has no folder: there is no {Path.GetDirectoryName(path)}, or user {Environment.UserName} may not see it", "make it; under systemd: RuntimeDirectory=tlsfront"));
        }
    }
}
