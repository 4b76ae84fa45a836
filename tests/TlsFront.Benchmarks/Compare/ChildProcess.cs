using System.Diagnostics;

namespace TlsFront.Benchmarks.Compare;

/// <summary>A process on chosen cores, ended with this object.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly string? _logFile;

    private ChildProcess(Process process, string? logFile = null)
    {
        _process = process;
        _logFile = logFile;
    }

    /// <summary>Its id; children of it may do the work.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended by itself.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What a server wrote last.</summary>
    public string LastWords => _logFile is null ? "" : string.Join('\n', File.ReadLines(_logFile).TakeLast(5));

    /// <summary>Lines to it, if started with <see cref="Pipe"/>.</summary>
    public TextWriter Input => _process.StandardInput;

    /// <summary>Lines from it, if started with <see cref="Pipe"/>.</summary>
    public TextReader Output => _process.StandardOutput;

    /// <summary>Starts a server whose output goes to <paramref name="logFile"/>.</summary>
    public static ChildProcess Start(string cores, string logFile, params IEnumerable<string> command) => new(Process.Start(
        new ProcessStartInfo(
            "/bin/sh", ["-c", "log=$1; shift; exec taskset -c \"$@\" >\"$log\" 2>&1 </dev/null", "sh", logFile, cores, .. command]))!, logFile);

    /// <summary>Starts a program to talk with.</summary>
    public static ChildProcess Pipe(string cores, params IEnumerable<string> command) => new(Process.Start(
        new ProcessStartInfo("taskset", ["-c", cores, .. command]) { RedirectStandardInput = true, RedirectStandardOutput = true })!);

    /// <summary>Runs a program to its end; what it wrote to both outputs.</summary>
    public static string Run(TimeSpan limit, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" 2>&1 </dev/null", "sh", .. command]) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var child = new ChildProcess(Process.Start(start)!);
        var output = child.Output.ReadToEndAsync();
        return output.Wait(limit) && child._process.WaitForExit(Patience)
            ? output.Result
            : throw new CompareException($"{string.Join(' ', command)} does not end");
    }

    /// <summary>Asks it to end, then ends it.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{Id}"]);
            kill.WaitForExit();
            if (!_process.WaitForExit(Patience))
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }
        }

        _process.Dispose();
    }
}
