using System.Net.Sockets;

namespace TlsFront.Benchmarks.Load;

/// <summary>A connection without TLS, at the backend's side or straight to it.</summary>
internal sealed class PlainWire(Socket socket) : Wire(socket)
{
    /// <summary>Connects without a proxy between.</summary>
    public PlainWire(int port)
        : this(Connect(port))
    {
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> into)
    {
        try
        {
            return Socket.Receive(into);
        }
        catch (SocketException exception)
        {
            throw new LoadException($"read: {exception.SocketErrorCode}");
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[Socket.Send(bytes)..];
            }
        }
        catch (SocketException exception)
        {
            throw new LoadException($"write: {exception.SocketErrorCode}");
        }
    }
}
