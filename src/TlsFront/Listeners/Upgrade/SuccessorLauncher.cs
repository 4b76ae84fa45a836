using System.ComponentModel;
using System.Diagnostics;
using TlsFront.Handover;

namespace TlsFront.Listeners.Upgrade;

/// <summary>
/// Starts the program that lies where this one's did, with the same arguments: after an upgrade of the package it is the new one. What this process
/// was started with is read at its own start, because afterwards the kernel calls a file that was replaced "deleted".
/// </summary>
internal sealed class SuccessorLauncher : ISuccessorLauncher
{
    private readonly string? _program = Environment.ProcessPath;
    private readonly string[] _arguments = ReadArguments();

    public ISuccessorProcess Launch(string path)
    {
        if (_program is null)
        {
            throw new HandoverException("the path of this program is not known");
        }

        var start = new ProcessStartInfo(_program, _arguments) { UseShellExecute = false };
        start.Environment[HandoverInvitation.Variable] = path;

        // A service manager's watchdog is for the process that it knows, which will be the new one.
        start.Environment.Remove("WATCHDOG_PID");
        try
        {
            return new SuccessorProcess(Process.Start(start)!);
        }
        catch (Win32Exception exception)
        {
            throw new HandoverException($"{_program} cannot be started: {exception.Message}", exception);
        }
    }

    /// <summary>All but the program; the runtime's own list has another first one where it runs a dll.</summary>
    private static string[] ReadArguments()
    {
        try
        {
            return File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0')[1..];
        }
        catch (IOException)
        {
            return Environment.GetCommandLineArgs()[1..];
        }
    }

    private sealed class SuccessorProcess(Process process) : ISuccessorProcess
    {
        public int Id { get; } = process.Id;

        public Task<int> Exited { get; } = AwaitExitAsync(process);

        public void Kill()
        {
            try
            {
                process.Kill();
            }
            catch (InvalidOperationException)
            {
                // It ended by itself.
            }
        }

        public void Dispose() => process.Dispose();

        private static async Task<int> AwaitExitAsync(Process process)
        {
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
    }
}
