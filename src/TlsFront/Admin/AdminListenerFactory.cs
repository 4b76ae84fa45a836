using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using TlsFront.Handover;

namespace TlsFront.Admin;

/// <summary>Binds the admin endpoint's Unix socket and its address, or takes over the address's socket from the process before this one.</summary>
internal sealed class AdminListenerFactory(ListeningSockets sockets, Succession succession, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is AdminSocketEndPoint or AdminAddressEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = endpoint is AdminSocketEndPoint place ? Bind(place) : Bind((AdminAddressEndPoint)endpoint);
        listener.Start();
        return new(listener);
    }

    private AdminListener Bind(AdminSocketEndPoint place)
    {
        // Beside the one of the process that is replaced, until this one is the gateway.
        var path = succession.HasPredecessor ? $"{place.Path}.{Environment.ProcessId}" : place.Path;
        return new AdminListener(
            Bind(path, place.Mode), new UnixDomainSocketEndPoint(path), succession, loggers, new AdminSocketName(path, place.Path));
    }

    private AdminListener Bind(AdminAddressEndPoint address)
    {
        var descriptor = address.Inherited ?? sockets.Take(ListeningSockets.Admin, address)?.Descriptors[0];
        var socket = descriptor is { } handed ? Open(handed) : Bind((IPEndPoint)address);
        sockets.Add(ListeningSockets.Admin, socket.LocalEndPoint!, () => [(int)socket.Handle]);
        return new AdminListener(socket, socket.LocalEndPoint!, succession, loggers, name: null);
    }

    private static Socket Open(int descriptor) => new(new SafeSocketHandle(descriptor, ownsHandle: true));

    private static Socket Bind(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address.Address, address.Port));
            return socket;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(exception.Message, exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Bind(string path, UnixFileMode mode)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            RemoveStale(path);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                // Nobody gets in before: connections are refused until somebody listens, and Kestrel does so after this.
                File.SetUnixFileMode(path, mode);
            }

            return socket;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is SocketException or IOException or UnauthorizedAccessException)
            {
                throw new AdminSocketException(
                    $"cannot listen on {path}: {exception.Message}; let user {Environment.UserName} write to its folder", exception);
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
