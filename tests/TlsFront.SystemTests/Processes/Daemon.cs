using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace TlsFront.SystemTests.Processes;

/// <summary>A process that runs until it is told to end, or until the test run ends, however that happens.</summary>
public sealed class Daemon : IAsyncDisposable
{
    private readonly Process _supervisor;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<int> _id = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Daemon(Process supervisor) => _supervisor = supervisor;

    /// <summary>Everything it wrote to standard output and standard error, line by line.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Its process id.</summary>
    public int Id { get; private set; }

    /// <summary>Whether it ended.</summary>
    public bool HasExited => _supervisor.HasExited;

    /// <summary>Starts a command.</summary>
    public static async Task<Daemon> StartAsync(string command, IEnumerable<string> arguments, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(Script.PathOf("supervise.sh"), [command, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        var supervisor = new Process { StartInfo = start };
        var daemon = new Daemon(supervisor);
        supervisor.OutputDataReceived += (_, line) => daemon.OnLine(line.Data);
        supervisor.ErrorDataReceived += (_, line) => daemon.OnLine(line.Data);
        supervisor.Start();
        supervisor.BeginOutputReadLine();
        supervisor.BeginErrorReadLine();
        daemon.Id = await daemon._id.Task.WaitAsync(Eventually.Deadline);
        return daemon;
    }

    /// <summary>Sends a signal to the command.</summary>
    public void Signal(int signal) => UnixSignal.Send(Id, signal);

    /// <summary>Sends a signal to the command and everything it started, as a terminal does.</summary>
    public void SignalGroup(int signal) => UnixSignal.Send(-Id, signal);

    /// <summary>Waits until the command ended and everything it wrote was read.</summary>
    /// <returns>Its exit code; 128 + n when signal n ended it.</returns>
    public async Task<int> ExitAsync(TimeSpan? within = null)
    {
        await _supervisor.WaitForExitAsync().WaitAsync(within ?? Eventually.Deadline);
        return _supervisor.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_supervisor.HasExited)
            {
                _supervisor.StandardInput.Close();
                await _supervisor.WaitForExitAsync().WaitAsync(Eventually.Deadline);
            }
        }
        finally
        {
            _supervisor.Dispose();
        }
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (!_id.Task.IsCompleted && int.TryParse(line, CultureInfo.InvariantCulture, out var id))
        {
            _id.SetResult(id);
            return;
        }

        _lines.Enqueue(line);
    }
}
