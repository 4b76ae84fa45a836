using System.Net.Sockets;

namespace TlsFront.Tests.Transport.Native;

/// <summary>Resets the connection behind byte number <paramref name="last"/> of what is written.</summary>
internal sealed class ResettingStream(NetworkStream inner, int last) : ForwardingStream(inner)
{
    /// <summary>Bytes written so far.</summary>
    public int Written { get; private set; }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var left = last - Written;
        await Inner.WriteAsync(buffer[..Math.Min(left, buffer.Length)], cancellationToken);
        Written += Math.Min(left, buffer.Length);
        if (buffer.Length >= left)
        {
            inner.Socket.Reset();
            throw new IOException("Reset by the test.");
        }
    }
}
