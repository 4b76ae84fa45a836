using System.Runtime.InteropServices;

namespace TlsFront.Transport.Native.Interop;

/// <summary>An array of <c>struct epoll_event</c>, whose layout is packed on x64 and nowhere else. Pinned, so that the kernel may fill it.</summary>
internal sealed unsafe class EpollEvents(int capacity)
{
    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;
    private static readonly int DataOffset = Packed ? 4 : 8;
    private static readonly int Stride = DataOffset + 8;

    private readonly byte[] _events = GC.AllocateArray<byte>(capacity * Stride, pinned: true);

    /// <summary>What happened to registration <paramref name="index"/>, and the token it was registered with.</summary>
    public (uint Events, ulong Token) this[int index]
    {
        get
        {
            var entry = _events.AsSpan(index * Stride, Stride);
            return (MemoryMarshal.Read<uint>(entry), MemoryMarshal.Read<ulong>(entry[DataOffset..]));
        }
    }

    /// <summary>Waits for events; their number, or -1 with the reason in errno.</summary>
    public int Wait(int epoll, int milliseconds)
    {
        // Safe: the array is pinned and has room for as many events as the kernel is told.
        fixed (byte* events = _events)
        {
            return Libc.EpollWait(epoll, events, capacity, milliseconds);
        }
    }

    /// <summary>Registers <paramref name="descriptor"/> under <paramref name="token"/>.</summary>
    public static bool Add(int epoll, int descriptor, uint events, ulong token)
    {
        // Safe: the kernel copies the structure during the call.
        var entry = stackalloc byte[16];
        *(uint*)entry = events;
        *(ulong*)(entry + DataOffset) = token;
        return Libc.EpollControl(epoll, Linux.EpollAdd, descriptor, entry) == 0;
    }

    /// <summary>Ends the registration of <paramref name="descriptor"/>, which stays open.</summary>
    public static void Remove(int epoll, int descriptor)
    {
        var ignored = stackalloc byte[16];
        _ = Libc.EpollControl(epoll, Linux.EpollRemove, descriptor, ignored);
    }
}
