using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Transport.Native;

/// <summary>
/// Binds listeners: one socket for each loop, all on one address, between which the kernel spreads connections. A socket that was inherited is one
/// alone: one loop accepts, for all of them in turn.
/// </summary>
internal sealed class NativeListenerFactory(
    EventLoop[] loops, TlsContextCache contexts, SessionAdoption adoption, TimeProvider time, ILoggerFactory loggers) : IConnectionListenerFactory
{
    private readonly ILogger _logger = loggers.CreateLogger<AcceptSocket>();

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(endpoint switch
        {
            HandedEndPoint handed => TakeOver(handed.Descriptors),
            FileHandleEndPoint inherited => TakeOver([(int)inherited.FileHandle]),
            _ => Bind((IPEndPoint)endpoint),
        });

    private NativeListener Bind(IPEndPoint address)
    {
        var sockets = new List<Socket>();
        try
        {
            foreach (var loop in loops)
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                Bind(socket, address, loop.Settings, first: sockets.Count == 1);
                address = (IPEndPoint)socket.LocalEndPoint!;
            }

            return Create(address, sockets.Zip(loops, static (socket, loop) => (socket, loop, new[] { loop })));
        }
        catch (Exception exception)
        {
            sockets.ForEach(static socket => socket.Dispose());
            if (exception is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
            {
                throw new AddressInUseException(exception.Message, exception);
            }

            throw;
        }
    }

    /// <summary>
    /// A service manager keeps them open, and a process that is replaced does for a while. So they are closed here and never shut down, and who
    /// connects while no gateway accepts waits in a backlog for the next one.
    /// </summary>
    private NativeListener TakeOver(IReadOnlyList<int> descriptors)
    {
        List<Socket> sockets = [.. descriptors.Select(static one => new Socket(new SafeSocketHandle(one, ownsHandle: true)))];
        try
        {
            // The kernel spreads connections between as many sockets as another number of loops had; then a loop's are not its own.
            var isOneEach = sockets.Count == loops.Length;
            return Create(
                (IPEndPoint)sockets[0].LocalEndPoint!,
                sockets.Select((socket, i) => (socket, loops[i % loops.Length], isOneEach ? [loops[i]] : loops)),
                () => sockets.ForEach(TakeOver));
        }
        catch
        {
            sockets.ForEach(static socket => socket.Dispose());
            throw;
        }
    }

    /// <summary>Not before it accepts: options are the socket's, and whoever had it may have it still.</summary>
    private void TakeOver(Socket socket)
    {
        // What is accepted inherits this one, and a goodbye would be lost to a reset.
        socket.LingerState = new LingerOption(enable: false, seconds: 0);
        Prepare(socket, loops[0].Settings);
        socket.Listen(loops[0].Settings.Backlog);
    }

    private NativeListener Create(
        IPEndPoint address, IEnumerable<(Socket Socket, EventLoop Loop, EventLoop[] Serving)> sockets, Action? begin = null)
    {
        var accepted = new AcceptQueue();
        return new NativeListener(
            address, [.. sockets.Select(one => new AcceptSocket(one.Socket, one.Loop, one.Serving, contexts, accepted, time, _logger))], accepted,
            adoption, begin);
    }

    private static void Bind(Socket socket, IPEndPoint address, NativeSettings settings, bool first)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.Address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = true;
        }

        // Raw, because the runtime's own option of this name would share the port as well.
        socket.SetRawSocketOption(Linux.LevelSocket, Linux.OptionReuseAddress, BitConverter.GetBytes(1));
        if (!first)
        {
            ShareAddress(socket);
        }

        Prepare(socket, settings);
        socket.Bind(address);
        if (first)
        {
            // Only now: bound without it, the address is refused if another process has it, even one that would share.
            ShareAddress(socket);
        }

        socket.Listen(settings.Backlog);
    }

    /// <summary>Accepted sockets inherit all options from here.</summary>
    private static void Prepare(Socket socket, NativeSettings settings)
    {
        socket.Blocking = false;
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)settings.KeepAlive.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 60);
        socket.SetRawSocketOption(Linux.LevelTcp, Linux.OptionUserTimeout, BitConverter.GetBytes((int)settings.UserTimeout.TotalMilliseconds));
    }

    private static void ShareAddress(Socket socket) => socket.SetRawSocketOption(Linux.LevelSocket, Linux.OptionReusePort, BitConverter.GetBytes(1));
}
