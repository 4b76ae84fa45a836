using System.Net;
using System.Text;
using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration.Reading;

/// <summary>Rules for <c>admin</c>.</summary>
internal static class AdminRules
{
    /// <summary>Octets of <c>sockaddr_un.sun_path</c>, the zero at the end apart.</summary>
    private const int LongestSocketPath = 107;

    public static void Check(SettingsScope scope, AdminSettings settings)
    {
        if (settings.TokenFile is { } token && !TokenFile.TryRead(token, out _, out var problem))
        {
            scope.Fail(AdminSchema.TokenFile, problem);
        }

        CheckSocket(scope, settings.Socket);
        if (!IPAddress.IsLoopback(settings.Address.Address))
        {
            scope.Warn(AdminSchema.Address, settings.TokenFile is null
                ? new("offers metrics, health and the state of every backend to other machines, without authentication, "
                    + "and takes no commands: there is no admin.tokenFile",
                    "write 127.0.0.1, or let only the monitoring reach the port")
                : new("offers metrics, health and the state of every backend to other machines, without authentication, "
                    + "and the token crosses the network in clear",
                    "write 127.0.0.1, or let only the monitoring reach the port"));
        }
    }

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
            scope.Fail(
                AdminSchema.Socket,
                new(
                    $"is too long for a socket: {path} has more than {LongestSocketPath} octets",
                    "choose a shorter path, such as /run/tlsfront/admin.sock"));
        }
        else if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            scope.Fail(
                AdminSchema.Socket,
                new(
                    $"has no folder: there is no {Path.GetDirectoryName(path)}, or user {Environment.UserName} may not see it",
                    "make it; under systemd: RuntimeDirectory=tlsfront"));
        }
    }
}
