using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Transport.Native;

/// <summary>Binds listeners: one socket for each loop, all on one address, between which the kernel spreads connections.</summary>
internal sealed class NativeListenerFactory(EventLoop[] loops, TlsContextCache contexts, TimeProvider time, ILoggerFactory loggers) : IConnectionListenerFactory
{
    private readonly ILogger _logger = loggers.CreateLogger<AcceptSocket>();

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var sockets = new List<Socket>();
        try
        {
            var address = (IPEndPoint)endpoint;
            foreach (var loop in loops)
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                Prepare(socket, address, loop.Settings, first: sockets.Count == 1);
                address = (IPEndPoint)socket.LocalEndPoint!;
            }

            // Kestrel's accept loop goes on inline in ours: it only queues the connection to the thread pool, where its pipeline begins.
            var accepted = Channel.CreateUnbounded<ConnectionContext>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });
            var accepting = new AcceptSocket[loops.Length];
            for (var i = 0; i < loops.Length; i++)
            {
                accepting[i] = new AcceptSocket(sockets[i], loops[i], contexts, accepted.Writer, time, _logger);
                accepting[i].Start();
            }

            return new ValueTask<IConnectionListener>(new NativeListener(address, accepting, accepted));
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

    /// <summary>Accepted sockets inherit all options from here.</summary>
    private static void Prepare(Socket socket, IPEndPoint address, NativeSettings settings, bool first)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.Address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = true;
        }

        socket.Blocking = false;

        // Raw, because the runtime's own option of this name would share the port as well.
        socket.SetRawSocketOption(Linux.LevelSocket, Linux.OptionReuseAddress, BitConverter.GetBytes(1));
        if (!first)
        {
            ShareAddress(socket);
        }

        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)settings.KeepAlive.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 60);
        socket.SetRawSocketOption(Linux.LevelTcp, Linux.OptionUserTimeout, BitConverter.GetBytes((int)settings.UserTimeout.TotalMilliseconds));
        socket.Bind(address);
        if (first)
        {
            // Only now: bound without it, the address is refused if another process has it, even one that would share.
            ShareAddress(socket);
        }

        socket.Listen(settings.Backlog);
    }

    private static void ShareAddress(Socket socket) => socket.SetRawSocketOption(Linux.LevelSocket, Linux.OptionReusePort, BitConverter.GetBytes(1));
}
