using System.Diagnostics;
using System.Text;

namespace TlsFront.SystemTests.Processes;

/// <summary>
/// A dialogue over a connection that OpenSSL drives (by Python), because <see cref="System.Net.Security.SslStream"/> cannot tell
/// a close_notify from a connection that was cut.
/// </summary>
/// <remarks>Text is Latin-1: an octet a character.</remarks>
public sealed class Session : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;

    private Session(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Opens a connection.</summary>
    /// <param name="port">Port on 127.0.0.1.</param>
    /// <param name="options">Options of <c>tls_pipe.py</c>, <c>name=value</c> each.</param>
    public static Session Open(int port, params IEnumerable<string> options) => OpenBy([], port, options);

    /// <summary>Opens a connection.</summary>
    /// <param name="launcher">The command that starts Python.</param>
    /// <param name="port">Port on 127.0.0.1.</param>
    /// <param name="options">Options of <c>tls_pipe.py</c>, <c>name=value</c> each.</param>
    public static Session OpenBy(IReadOnlyList<string> launcher, int port, params IEnumerable<string> options)
    {
        // The dynamic loader as a launcher looks in no PATH.
        var python = launcher.Count == 0 ? "python3" : "/usr/bin/python3";
        string[] command = [.. launcher, python, Script.PathOf("tls_pipe.py"), "localhost", $"{port}", .. options];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Encoding.Latin1,
            StandardOutputEncoding = Encoding.Latin1,
        };
        return new Session(Process.Start(start)!);
    }

    /// <summary>Sends text as it is.</summary>
    public async Task SendAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Reads a line, without its CRLF; null at the end of the connection.</summary>
    public async Task<string?> LineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Deadline);

    /// <summary>Reads lines up to the one that begins with <paramref name="start"/>.</summary>
    /// <returns>All of them, joined by LF.</returns>
    public async Task<string> UntilAsync(string start)
    {
        var text = new StringBuilder();
        while (await LineAsync() is { } line)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(line);
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return text.ToString();
            }
        }

        Assert.Fail($"The connection ended ({await EndAsync()}) before '{start}':\n{text}");
        return "";
    }

    /// <summary>Sends a line and reads up to the line that begins with <paramref name="start"/>.</summary>
    public async Task<string> AskAsync(string line, string start)
    {
        await SendAsync(line + "\r\n");
        return await UntilAsync(start);
    }

    /// <summary>Reads a whole SMTP reply, which must have a certain code.</summary>
    public async Task<string> ReplyAsync(string code)
    {
        var text = new StringBuilder();
        while (await LineAsync() is { } line)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(line);
            if (line.Length < 4 || line[3] != '-')
            {
                Assert.StartsWith(code, line, StringComparison.Ordinal);
                return text.ToString();
            }
        }

        Assert.Fail($"The connection ended ({await EndAsync()}) where a {code} was expected:\n{text}");
        return "";
    }

    /// <summary>Sends an SMTP command and reads its reply, which must have a certain code.</summary>
    public async Task<string> CommandAsync(string line, string code)
    {
        await SendAsync(line + "\r\n");
        return await ReplyAsync(code);
    }

    /// <summary>Stops sending: the connection is cut, or closed in order when the session was opened with <c>end=notify</c>.</summary>
    public void Leave() => _process.StandardInput.Close();

    /// <summary>Waits for the end of the connection.</summary>
    /// <returns><c>close_notify</c>, <c>eof</c> (without one), <c>reset</c>, <c>cut</c> (by us) or <c>error ...</c> of the handshake.</returns>
    public async Task<string> EndAsync()
    {
        await _process.StandardOutput.ReadToEndAsync().WaitAsync(Eventually.Deadline);
        return (await _error.WaitAsync(Eventually.Deadline)).TrimEnd().Split('\n')[^1];
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
        return ValueTask.CompletedTask;
    }
}
