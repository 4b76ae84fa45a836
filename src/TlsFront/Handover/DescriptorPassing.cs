using System.Runtime.InteropServices;

namespace TlsFront.Handover;

/// <summary>
/// Descriptors over a Unix socket (unix(7), SCM_RIGHTS), which the runtime has no call for. They travel with the first octet of what is sent, and
/// whoever receives has descriptors of its own for the same sockets.
/// </summary>
internal static unsafe partial class DescriptorPassing
{
    /// <summary>Most of them in one message; the kernel's own bound is 253.</summary>
    public const int MaxDescriptors = 250;

    private const int SocketLevel = 1; // SOL_SOCKET
    private const int Rights = 1; // SCM_RIGHTS
    private const int CloseOnExec = 0x40000000; // MSG_CMSG_CLOEXEC
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL
    private const int ControlTruncated = 0x8; // MSG_CTRUNC
    private const int Interrupted = 4; // EINTR
    private const int ControlHeaderBytes = 16;
    private const int MaxControlBytes = ControlHeaderBytes + (MaxDescriptors * sizeof(int));

    /// <summary>Sends at least one octet, and all descriptors with it; how many octets, or a negative number.</summary>
    public static int Send(SafeHandle socket, ReadOnlySpan<byte> bytes, ReadOnlySpan<int> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MaxDescriptors);
        var control = stackalloc byte[MaxControlBytes];
        var controlBytes = ControlHeaderBytes + (descriptors.Length * sizeof(int));

        // Safe: pinned for the call, and the control buffer is as long as its own header says.
        fixed (byte* start = bytes)
        {
            var vector = new Vector { Start = start, Length = (nuint)bytes.Length };
            var message = new Message { Vectors = &vector, VectorCount = 1 };
            if (!descriptors.IsEmpty)
            {
                *(nuint*)control = (nuint)controlBytes;
                ((int*)control)[2] = SocketLevel;
                ((int*)control)[3] = Rights;
                descriptors.CopyTo(new Span<int>(control + ControlHeaderBytes, descriptors.Length));
                message.Control = control;
                message.ControlLength = (nuint)((controlBytes + 7) & ~7);
            }

            while (true)
            {
                var sent = (int)SendMessage(socket, &message, NoSignal);
                if (sent >= 0 || Marshal.GetLastPInvokeError() != Interrupted)
                {
                    return sent;
                }
            }
        }
    }

    /// <summary>
    /// Receives up to <paramref name="bytes"/>, and what descriptors come along; 0 at the end, or a negative number. They are close-on-exec.
    /// </summary>
    /// <exception cref="HandoverException">Some were lost, because this process may open no more; those that came are in the list.</exception>
    public static int Receive(SafeHandle socket, Span<byte> bytes, List<int> descriptors)
    {
        var control = stackalloc byte[MaxControlBytes];
        fixed (byte* start = bytes)
        {
            var vector = new Vector { Start = start, Length = (nuint)bytes.Length };
            var message = new Message { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = MaxControlBytes };
            int received;
            while ((received = (int)ReceiveMessage(socket, &message, CloseOnExec)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            {
            }

            if (received > 0 && message.ControlLength >= ControlHeaderBytes && ((int*)control)[2] == SocketLevel && ((int*)control)[3] == Rights)
            {
                var count = ((int)*(nuint*)control - ControlHeaderBytes) / sizeof(int);
                descriptors.AddRange(new ReadOnlySpan<int>(control + ControlHeaderBytes, count));
            }

            if (received >= 0 && (message.Flags & ControlTruncated) != 0)
            {
                throw new HandoverException("descriptors were lost on their way: raise the limit of open files (LimitNOFILE)");
            }

            return received;
        }
    }

    /// <summary>Closes a descriptor.</summary>
    public static void Close(int descriptor) => _ = CloseDescriptor(descriptor);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(SafeHandle socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(SafeHandle socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);

    /// <summary><c>struct iovec</c>.</summary>
    private struct Vector
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary><c>struct msghdr</c> of 64-bit Linux.</summary>
    private struct Message
    {
        public void* Name;
        public nuint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
