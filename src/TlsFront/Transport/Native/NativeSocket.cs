using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using TlsFront.Handover;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native;

/// <summary>
/// A connected socket of a session. Registered edge-triggered: an event only notes what is possible, and the session acts on it when it
/// wants to. What the kernel does not take of a batch is kept here until it does.
/// </summary>
internal sealed class NativeSocket : LoopHandle
{
    private const uint Interest = Linux.EventIn | Linux.EventOut | Linux.EventReadHangUp | Linux.EventEdgeTriggered;
    private const uint HangUps = Linux.EventReadHangUp | Linux.EventHangUp | Linux.EventError;

    private readonly NativeObjects _objects;
    private ISocketOwner? _owner;
    private byte[]? _pending;
    private int _pendingOffset;
    private int _pendingEnd;
    private bool _readable;
    private bool _hangUp;

    /// <param name="descriptor">A non-blocking socket, owned from here on.</param>
    /// <param name="objects">Where it is counted.</param>
    public NativeSocket(int descriptor, NativeObjects objects)
    {
        Descriptor = descriptor;
        _objects = objects;
        objects.Descriptor(1);
    }

    /// <summary>The loop that watches it; null before <see cref="Attach"/>.</summary>
    public EventLoop? Loop { get; private set; }

    /// <summary>Whether a read may find something.</summary>
    public bool Readable => _readable && !Ended;

    /// <summary>Whether the peer ended its half, or is gone.</summary>
    public bool Ended { get; private set; }

    /// <summary>Whether the connection was lost.</summary>
    public bool Broken { get; private set; }

    /// <summary>Whether the kernel told of an error: the peer takes nothing more. Who has read its end learns of it by this alone.</summary>
    public bool HasError { get; private set; }

    /// <summary>Whether the kernel told of the peer's end, which may lie behind unread bytes.</summary>
    public bool HungUp => _hangUp || Ended;

    /// <summary>Bytes the kernel did not take yet.</summary>
    public int Pending => _pendingEnd - _pendingOffset;

    /// <summary>Bytes the kernel would take now, as far as it says: it counts its own overhead as well.</summary>
    public unsafe int SendSpace
    {
        get
        {
            // Safe: the kernel writes at most as much as it is told there is room for.
            var numbers = stackalloc uint[Linux.MemoryNumbers];
            var length = Linux.MemoryNumbers * sizeof(uint);
            return Libc.GetOption(Descriptor, Linux.LevelSocket, Linux.OptionMemory, numbers, &length) == 0
                ? (int)Math.Clamp(
                    (long)numbers[Linux.MemorySendLimit] - Math.Max(numbers[Linux.MemorySendAllocated], numbers[Linux.MemorySendQueued]), 0,
                    int.MaxValue)
                : 0;
        }
    }

    /// <summary>Starts to watch it for <paramref name="owner"/>.</summary>
    public void Attach(EventLoop loop, ISocketOwner owner)
    {
        Loop = loop;
        _owner = owner;
        if (!loop.Watch(this, Interest))
        {
            Break();
        }
    }

    public override void OnEvents(uint events)
    {
        if ((events & (Linux.EventIn | HangUps)) != 0)
        {
            _readable = true;
            _hangUp |= (events & HangUps) != 0;
        }

        // Told once, and what the peer sent before is still to be read.
        HasError |= (events & Linux.EventError) != 0;

        if ((events & (Linux.EventOut | Linux.EventError)) != 0 && Pending > 0)
        {
            SendPending();
        }

        _owner!.OnSocketReady();
    }

    /// <summary>Receives into a pinned array. 0 means that there is nothing now, or the end: see <see cref="Ended"/>.</summary>
    public unsafe int Receive(byte[] pinned, int offset, int capacity)
    {
        while (Readable)
        {
            // Safe: the array is pinned, and offset and capacity lie within it.
            var received = (int)Libc.Receive(Descriptor, LoopScratch.AddressOf(pinned, offset), capacity, 0);
            if (received > 0)
            {
                // Less than asked for means that nothing is left, but after a hang-up no further edge will tell of the end.
                _readable = received == capacity || _hangUp;
                return received;
            }

            if (received == 0)
            {
                Ended = true;
                return 0;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Linux.Interrupted:
                    continue;
                case Linux.Again:
                    _readable = false;
                    return 0;
                default:
                    Break();
                    return 0;
            }
        }

        return 0;
    }

    /// <summary>
    /// Sends, and keeps what the kernel does not take. With <paramref name="moreFollows"/> the kernel may wait up to 200 ms for more to send along.
    /// </summary>
    public void Send(ReadOnlySpan<byte> bytes, bool moreFollows = false)
    {
        if (Broken)
        {
            return;
        }

        if (Pending == 0)
        {
            bytes = bytes[SendNow(bytes, moreFollows ? Linux.MoreFollows : 0)..];
        }

        if (!bytes.IsEmpty && !Broken)
        {
            Keep(bytes);
        }
    }

    /// <summary>Reads what there is, within reason, and drops it.</summary>
    public void Discard(byte[] pinned)
    {
        for (var i = 0; i < 16 && Receive(pinned, 0, pinned.Length) > 0; i++)
        {
        }
    }

    /// <summary>Ends our half of the connection.</summary>
    public void ShutdownWrite() => _ = Libc.Shutdown(Descriptor, Linux.ShutdownWrite);

    /// <summary>Closes it, on its loop's thread or before it had a loop.</summary>
    public void Close()
    {
        if (Descriptor < 0)
        {
            return;
        }

        Loop?.Forget(this);
        _ = Libc.Close(Descriptor);
        Descriptor = -1;
        Break();
        _objects.Descriptor(-1);
    }

    /// <summary>Writes what the kernel did not take yet.</summary>
    public void Export(StateWriter state) => state.Write(_pending.AsSpan(_pendingOffset, Pending));

    /// <summary>Goes on with what was exported. Before <see cref="Attach"/>, which tells when the kernel takes it.</summary>
    public void Import(ref StateReader state)
    {
        var pending = state.ReadBytes();
        if (!pending.IsEmpty)
        {
            Keep(pending);
        }
    }

    /// <summary>It is watched no more, and may go to another loop. What is known of it stays.</summary>
    public void Release()
    {
        Loop!.Unwatch(this);
        Loop = null;
        _owner = null;
    }

    /// <summary>Gives the descriptor away, before it had a loop.</summary>
    public SafeSocketHandle Detach()
    {
        var handle = new SafeSocketHandle(Descriptor, ownsHandle: true);
        Descriptor = -1;
        Break();
        _objects.Descriptor(-1);
        return handle;
    }

    /// <summary>Its own address; null for other families than IP.</summary>
    public unsafe EndPoint? LocalEndPoint(AddressFamily family)
    {
        var length = Linux.AddressBytes;
        var address = stackalloc byte[length];

        // Safe: the kernel writes at most the length given.
        return Libc.GetLocalAddress(Descriptor, address, &length) == 0 ? SocketAddresses.Read(new ReadOnlySpan<byte>(address, length), family) : null;
    }

    private void SendPending()
    {
        _pendingOffset += SendNow(_pending.AsSpan(_pendingOffset, Pending), 0);
        if (Pending == 0)
        {
            DropPending();
        }
    }

    private unsafe int SendNow(ReadOnlySpan<byte> bytes, int flags)
    {
        // Safe: pinned for the call, and the kernel copies.
        fixed (byte* start = bytes)
        {
            while (true)
            {
                var sent = (int)Libc.Send(Descriptor, start, bytes.Length, Linux.NoSignal | flags);
                if (sent >= 0)
                {
                    return sent;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Linux.Interrupted:
                        continue;
                    case Linux.Again:
                        return 0;
                    default:
                        Lose();
                        return 0;
                }
            }
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var needed = Pending + bytes.Length;
        if (_pending is null || _pending.Length - _pendingEnd < bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(needed);
            _pending.AsSpan(_pendingOffset, Pending).CopyTo(larger);
            DropPending();
            _pending = larger;
            _objects.Held(larger.Length);
            _pendingEnd = needed - bytes.Length;
        }

        bytes.CopyTo(_pending.AsSpan(_pendingEnd));
        _pendingEnd += bytes.Length;
    }

    /// <summary>Gives the buffer back, cleared because it may hold credentials.</summary>
    private void DropPending()
    {
        if (_pending is not null)
        {
            _objects.Held(-_pending.Length);
            ArrayPool<byte>.Shared.Return(_pending, clearArray: true);
            _pending = null;
        }

        _pendingOffset = _pendingEnd = 0;
    }

    /// <summary>The peer takes nothing more. What it sent before can still be read.</summary>
    private void Lose()
    {
        Broken = true;
        DropPending();
    }

    private void Break()
    {
        Ended = true;
        Lose();
    }
}
