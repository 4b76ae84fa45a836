using System.Diagnostics;
using System.Text;

namespace TlsFront.SystemTests.Processes;

/// <summary>What a command did.</summary>
/// <param name="ExitCode">0 for success, by convention.</param>
/// <param name="Output">Standard output, octet by octet as Latin-1.</param>
/// <param name="Error">Standard error.</param>
public sealed record Command(int ExitCode, string Output, string Error)
{
    /// <summary>Output and error together, for messages and for tools that write to either.</summary>
    public string Text => Output + Error;

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Command> RunAsync(string command, IEnumerable<string> arguments, string input = "", TimeSpan? within = null)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Encoding.Latin1,
            StandardOutputEncoding = Encoding.Latin1,
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(60));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            try
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), deadline.Token);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended without reading everything: its exit code tells.
            }

            await process.WaitForExitAsync(deadline.Token);
            return new Command(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Runs a Python script of this project.</summary>
    public static Task<Command> PythonAsync(string script, params IEnumerable<string> arguments) =>
        RunAsync("python3", [Script.PathOf(script), .. arguments]);

    /// <summary>Fails the test when the command failed.</summary>
    public Command Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}:\n{Text}");
        return this;
    }
}
