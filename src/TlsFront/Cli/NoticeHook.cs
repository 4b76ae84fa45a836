using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace TlsFront.Cli;

/// <summary>
/// A command of the operator's that tells users. What clients chose reaches it on its standard input alone: no shell and no argument ever sees it.
/// </summary>
/// <param name="command">The program, and its arguments.</param>
/// <param name="timeout">Longest time it may take.</param>
/// <param name="time">Timers.</param>
internal sealed class NoticeHook(string[] command, TimeSpan timeout, TimeProvider time)
{
    /// <summary>Gives it one notice; what went wrong, or null.</summary>
    /// <exception cref="Win32Exception">There is no such program, or it may not be run.</exception>
    public async Task<string?> RunAsync(string notice)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(timeout, time);
        try
        {
            await WriteAsync(process.StandardInput, notice, deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"not done after {timeout.TotalSeconds} s, and {(TryKill(process) ? "stopped" : "could not be stopped")}");
        }

        return process.ExitCode == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"exit code {process.ExitCode}");
    }

    /// <summary>Ends it with all that it began; false if some of it may not be ended, as that of another user.</summary>
    private static bool TryKill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            return true;
        }
        catch (Exception exception) when (exception is Win32Exception or AggregateException)
        {
            return false;
        }
    }

    private static async Task WriteAsync(StreamWriter input, string notice, CancellationToken stop)
    {
        try
        {
            await input.WriteLineAsync(notice.AsMemory(), stop);
            await input.FlushAsync(stop);
            input.Close();
        }
        catch (IOException)
        {
            // One that does not read what it is told may do so; its exit code counts.
        }
    }
}
