using System.Net;
using System.Net.Sockets;

namespace TlsFront.SystemTests.Faults;

/// <summary>Relays connections to a server on a port of 127.0.0.1, and what the server says octet by octet as long as it is told to.</summary>
internal sealed class SlowLink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private long _pause;

    public SlowLink(int server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Time between two octets of a server's answer; zero lets everything through at once. Connections that are open obey it, too.</summary>
    public TimeSpan Pause
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _pause));
        set => Volatile.Write(ref _pause, value.Ticks);
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(Socket gateway)
    {
        using (gateway)
        using (var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            try
            {
                (gateway.NoDelay, server.NoDelay) = (true, true);
                await server.ConnectAsync(IPAddress.Loopback, _server);
                await Task.WhenAll(PassAsync(gateway, server, isSlow: false), PassAsync(server, gateway, isSlow: true));
            }
            catch (SocketException)
            {
                // One side is gone, and with this end so is the other.
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool isSlow)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer) is var count && count > 0)
        {
            for (var sent = 0; sent < count;)
            {
                var pause = isSlow ? Pause : TimeSpan.Zero;
                var piece = pause > TimeSpan.Zero ? 1 : count - sent;
                sent += await to.SendAsync(buffer.AsMemory(sent, piece));
                await Task.Delay(pause);
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
