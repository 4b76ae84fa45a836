using System.Runtime.InteropServices;

namespace TlsFront.SystemTests.Processes;

/// <summary>Signals to processes, by their numbers on Linux.</summary>
public static partial class UnixSignal
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Sends a signal.</summary>
    public static void Send(int processId, int signal) => Assert.Equal(0, NativeKill(processId, signal));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int NativeKill(int processId, int signal);
}
