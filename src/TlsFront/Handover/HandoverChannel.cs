using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace TlsFront.Handover;

/// <summary>
/// Messages between two processes over a connected Unix socket: kind, number of descriptors, length, payload. Calls block, each for no longer than
/// the socket's deadlines; one thread sends and one receives.
/// </summary>
internal sealed class HandoverChannel : IDisposable
{
    /// <summary>Longest payload, in bytes: far above what a session keeps in either direction.</summary>
    public const int MaxPayload = 8 << 20;

    private const int HeaderBytes = 8;
    private const int Again = 11; // EAGAIN: the socket's deadline passed
    private const int BrokenPipe = 32; // EPIPE
    private const int ConnectionReset = 104; // ECONNRESET

    private readonly Socket _socket;

    /// <param name="socket">A connected stream socket, owned from here on.</param>
    /// <param name="patience">How long a call waits for the other process.</param>
    public HandoverChannel(Socket socket, TimeSpan patience)
    {
        _socket = socket;
        ReceiveTimeout = patience;
    }

    /// <summary>How long a call waits for the other process; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</summary>
    public TimeSpan ReceiveTimeout
    {
        set
        {
            _socket.ReceiveTimeout = value == Timeout.InfiniteTimeSpan ? 0 : (int)value.TotalMilliseconds;
            _socket.SendTimeout = _socket.ReceiveTimeout;
        }
    }

    /// <summary>Whether a call to <see cref="Receive"/> finds something, be it the end.</summary>
    public bool HasInput => _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Sends a message.</summary>
    /// <exception cref="HandoverException">The other process is gone, or takes nothing in time.</exception>
    public void Send(MessageKind kind, ReadOnlySpan<byte> payload = default, params ReadOnlySpan<int> descriptors)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        (header[0], header[1]) = ((byte)kind, (byte)descriptors.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], payload.Length);
        try
        {
            Send(header, descriptors);
            Send(payload, []);
        }
        catch (HandoverException)
        {
            // Half of a message would be read as the beginning of another one.
            Dispose();
            throw;
        }
        catch (ObjectDisposedException exception)
        {
            throw new HandoverException("the channel to the other process is closed", exception);
        }
    }

    /// <summary>Sends a message of text.</summary>
    /// <exception cref="HandoverException">The other process is gone, or takes nothing in time.</exception>
    public void Send(MessageKind kind, string text) => Send(kind, Encoding.UTF8.GetBytes(text));

    /// <summary>Receives the next message; null if the other process closed the channel between messages, or this one did.</summary>
    /// <exception cref="HandoverException">Nothing came in time, or nothing that makes sense.</exception>
    public HandoverMessage? Receive()
    {
        var descriptors = new List<int>();
        byte[] payload = [];
        try
        {
            Span<byte> header = stackalloc byte[HeaderBytes];
            if (!TryFill(header, descriptors))
            {
                return null;
            }

            var length = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
            if (length is < 0 or > MaxPayload || header[1] != descriptors.Count)
            {
                throw new HandoverException("the other process sent what is no message of a handover");
            }

            payload = GC.AllocateUninitializedArray<byte>(length, pinned: true);
            return length == 0 || TryFill(payload, descriptors)
                ? new HandoverMessage((MessageKind)header[0], payload, [.. descriptors])
                : throw new HandoverException("the other process closed the channel within a message");
        }
        catch (Exception exception)
        {
            new HandoverMessage(default, payload, [.. descriptors]).Dispose();
            if (exception is ObjectDisposedException)
            {
                return null;
            }

            throw;
        }
    }

    /// <summary>Receives the message that has to come now.</summary>
    /// <exception cref="HandoverException">Another one came, none in time, or the other process says that it failed.</exception>
    public HandoverMessage Expect(MessageKind kind)
    {
        var message = Receive() ?? throw new HandoverException("the other process closed the channel");
        if (message.Kind == kind)
        {
            return message;
        }

        using (message)
        {
            throw new HandoverException(
                message.Kind == MessageKind.Failed ? message.Text : $"the other process sent {message.Kind} in place of {kind}");
        }
    }

    public void Dispose()
    {
        try
        {
            // Closing alone would not wake who is waiting for a message.
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other process was first, or it is done already.
        }

        _socket.Dispose();
    }

    private static HandoverException Failure(string what) => Marshal.GetLastPInvokeError() switch
    {
        BrokenPipe or ConnectionReset => new("the other process closed the channel"),
        Again => new($"{what} in time"),
        _ => new($"{what}: {Marshal.GetLastPInvokeErrorMessage()}"),
    };

    private void Send(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> descriptors)
    {
        while (!bytes.IsEmpty)
        {
            var sent = DescriptorPassing.Send(_socket.SafeHandle, bytes, descriptors);
            if (sent < 0)
            {
                throw Failure("the other process took nothing of what was sent");
            }

            bytes = bytes[sent..];
            descriptors = [];
        }
    }

    private bool TryFill(Span<byte> bytes, List<int> descriptors)
    {
        var length = 0;
        while (length < bytes.Length)
        {
            var received = DescriptorPassing.Receive(_socket.SafeHandle, bytes[length..], descriptors);
            if (received < 0)
            {
                throw Failure("nothing came from the other process");
            }

            if (received == 0)
            {
                return length == 0 ? false : throw new HandoverException("the other process closed the channel within a message");
            }

            length += received;
        }

        return true;
    }
}
