namespace TlsFront.Transport.Native.Interop;

/// <summary>Numbers of the Linux system call interface, by their names in the manual pages; equal on x64 and arm64.</summary>
internal static class Linux
{
    public const int EpollCloseOnExec = 0x80000;
    public const int EpollAdd = 1;
    public const int EpollRemove = 2;

    public const uint EventIn = 0x1;
    public const uint EventOut = 0x4;
    public const uint EventError = 0x8;
    public const uint EventHangUp = 0x10;
    public const uint EventReadHangUp = 0x2000;
    public const uint EventEdgeTriggered = 1u << 31;

    public const int EventDescriptorFlags = 0x80800; // EFD_CLOEXEC | EFD_NONBLOCK

    public const int SocketStream = 1;
    public const int SocketFlags = 0x80800; // SOCK_CLOEXEC | SOCK_NONBLOCK

    public const int LevelSocket = 1;
    public const int OptionReuseAddress = 2;
    public const int OptionError = 4;
    public const int OptionKeepAlive = 9;
    public const int OptionReusePort = 15;
    public const int OptionMemory = 55; // SO_MEMINFO
    public const int MemoryNumbers = 9;
    public const int MemorySendAllocated = 2;
    public const int MemorySendLimit = 3;
    public const int MemorySendQueued = 5;

    public const int LevelIp = 0;
    public const int OptionBindAddressNoPort = 24;

    public const int LevelTcp = 6;
    public const int OptionNoDelay = 1;
    public const int OptionKeepIdle = 4;
    public const int OptionUserTimeout = 18;

    public const int Peek = 0x2; // MSG_PEEK
    public const int NoSignal = 0x4000; // MSG_NOSIGNAL
    public const int MoreFollows = 0x8000; // MSG_MORE
    public const int ShutdownWrite = 1;

    public const int Interrupted = 4; // EINTR
    public const int Again = 11; // EAGAIN
    public const int NoMemory = 12; // ENOMEM
    public const int TooManyFilesSystem = 23; // ENFILE
    public const int TooManyFiles = 24; // EMFILE
    public const int NoBuffers = 105; // ENOBUFS
    public const int InProgress = 115; // EINPROGRESS

    /// <summary>Longest socket address: <c>struct sockaddr_storage</c>.</summary>
    public const int AddressBytes = 128;
}
