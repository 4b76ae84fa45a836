using System.Runtime.InteropServices;

namespace TlsFront.Admission;

/// <summary>
/// The limit of open files of this process. What systemd and shells give is 1024, kept low for programs that call <c>select</c>, with leave to take
/// more; other servers take it, and so does .NET's usual runtime, but not a Native AOT binary.
/// </summary>
internal static unsafe partial class OpenFileLimit
{
    private const int OpenFiles = 7; // RLIMIT_NOFILE on Linux

    /// <summary>Raises the limit as far as the process may and returns it; null where there is none or the system has no such call.</summary>
    public static long? Raise()
    {
        // Safe: the kernel reads or writes one structure of two numbers, which is what these are on every 64-bit Linux.
        var limits = stackalloc ulong[2];
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || GetLimit(OpenFiles, limits) != 0)
        {
            return null;
        }

        var (current, maximum) = (limits[0], limits[1]);
        limits[0] = maximum;
        var reached = current < maximum && SetLimit(OpenFiles, limits) == 0 ? maximum : current;
        return reached > long.MaxValue ? null : (long)reached;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, ulong* limits);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ulong* limits);
}
