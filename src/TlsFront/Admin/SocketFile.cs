using System.Runtime.InteropServices;

namespace TlsFront.Admin;

/// <summary>Tells a Unix socket from everything else that may have its path.</summary>
internal static unsafe partial class SocketFile
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int DoNotFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint TypeOnly = 1; // STATX_TYPE
    private const int Mode = 28; // offset of stx_mode, the same on every architecture
    private const int TypeMask = 0xF000; // S_IFMT
    private const int SocketType = 0xC000; // S_IFSOCK

    /// <summary>
    /// Whether a socket has this path. It is asked for and not opened, which would wait at a FIFO and fail alike for a socket and for a file that
    /// somebody has locked. Systems other than Linux are not asked: there the answer is no.
    /// </summary>
    public static bool Is(string path)
    {
        // Safe: struct statx has 256 octets by definition, and the kernel writes nothing behind them.
        var status = stackalloc byte[256];
        return OperatingSystem.IsLinux() && Ask(CurrentFolder, path, DoNotFollow, TypeOnly, status) == 0
            && (*(ushort*)(status + Mode) & TypeMask) == SocketType;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(int folder, string path, int flags, uint mask, void* status);
}
