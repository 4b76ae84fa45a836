using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Transport.Managed;

/// <summary>A backend on a loopback port of its own, one script for all its connections.</summary>
internal sealed class SocketBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly Task _accepting;

    public SocketBackend(Func<ScriptedPeer, Socket, Task> serve)
    {
        _listener.Start();
        _accepting = AcceptAsync(serve);
    }

    public string Destination => _listener.LocalEndpoint.ToString()!;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    /// <summary>Closes so that the peer sees a reset and no end.</summary>
    public static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    private async Task AcceptAsync(Func<ScriptedPeer, Socket, Task> serve)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                _sockets.Add(socket);
                _ = serve(new ScriptedPeer(new SocketPipe(socket)), socket);
            }
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException)
        {
        }
    }
}
