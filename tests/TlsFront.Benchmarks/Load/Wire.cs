using System.Net;
using System.Net.Sockets;

namespace TlsFront.Benchmarks.Load;

/// <summary>A blocking connection.</summary>
internal abstract class Wire : IDisposable
{
    // A proxy that has stopped is an error and not a benchmark that never ends.
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    protected Wire(Socket socket)
    {
        Socket = socket;
        socket.NoDelay = true;
        socket.ReceiveTimeout = socket.SendTimeout = (int)Patience.TotalMilliseconds;
    }

    protected Socket Socket { get; }

    /// <summary>Waits for bytes; 0 when the peer has ended.</summary>
    public abstract int Read(Span<byte> into);

    /// <summary>Writes all of <paramref name="bytes"/>.</summary>
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Gives the peer all the time it wants: a backend must not end what a slow client has not read yet.</summary>
    public void WaitForever() => Socket.ReceiveTimeout = Socket.SendTimeout = 0;

    /// <summary>Ends without a word: the peer gets a reset.</summary>
    public virtual void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    public virtual void Dispose() => Socket.Dispose();

    /// <summary>Connects to 127.0.0.1.</summary>
    protected static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new LoadException($"connect: {exception.SocketErrorCode}");
        }
    }
}
