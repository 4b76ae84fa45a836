using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace TlsFront.Admin;

/// <summary>Binds the admin endpoint's Unix socket.</summary>
internal sealed class AdminSocketFactory(ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is AdminSocketEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = (AdminSocketEndPoint)endpoint;
        var options = new SocketTransportOptions { CreateBoundListenSocket = _ => Bind(socket) };
        var inner = await new SocketTransportFactory(Options.Create(options), loggers).BindAsync(
            new UnixDomainSocketEndPoint(socket.Path), cancellationToken);
        return new AdminSocketListener(inner, socket.Path);
    }

    private static Socket Bind(AdminSocketEndPoint endpoint)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            RemoveStale(endpoint.Path);
            socket.Bind(new UnixDomainSocketEndPoint(endpoint.Path));
            if (!OperatingSystem.IsWindows())
            {
                // Nobody gets in before: connections are refused until somebody listens, and Kestrel does so after this.
                File.SetUnixFileMode(endpoint.Path, endpoint.Mode);
            }

            return socket;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is SocketException or IOException or UnauthorizedAccessException)
            {
                throw new AdminSocketException(
                    $"cannot listen on {endpoint.Path}: {exception.Message}; let user {Environment.UserName} write to its folder", exception);
            }

            throw;
        }
    }

    /// <summary>Removes what a gateway that was killed left behind; never anything but a socket nobody listens on.</summary>
    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        if (!SocketFile.Is(path))
        {
            throw new AdminSocketException($"{path} exists and is no socket; remove it or choose another path");
        }

        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            client.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw new AdminSocketException($"another process listens on {path}; end it or choose another path");
    }
}
