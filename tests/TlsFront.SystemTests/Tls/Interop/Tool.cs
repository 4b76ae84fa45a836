using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace TlsFront.SystemTests.Tls.Interop;

/// <summary>A client that sends what it reads and writes what it receives, octet by octet. It is ended once it wrote what was expected.</summary>
public sealed class Tool : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _error = new();

    private Tool(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_error)
            {
                _error.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>What it said on standard error.</summary>
    public string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    /// <summary>Starts one.</summary>
    public static Tool Start(string command, params IEnumerable<string> arguments) => new(Process.Start(new ProcessStartInfo(command, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!);

    /// <summary>Has one send the request; SHA-256 of the answer.</summary>
    public static async Task<string> ExchangeAsync(InteropTarget target, string command, params IEnumerable<string> arguments)
    {
        await using var tool = Start(command, arguments);
        await tool.SendAsync(await File.ReadAllBytesAsync(target.Request));
        return await tool.AnswerAsync(target.AnswerLength);
    }

    /// <summary>Has it send something.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> octets)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(octets, deadline.Token);
            await _process.StandardInput.BaseStream.FlushAsync(deadline.Token);
        }
        catch (IOException)
        {
            Assert.Fail($"{_process.StartInfo.FileName} ended:\n{Error}");
        }
    }

    /// <summary>SHA-256 of so many octets that it writes.</summary>
    public async Task<string> AnswerAsync(long length)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[65536];
        for (int count; length > 0; length -= count)
        {
            count = await _process.StandardOutput.BaseStream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(length, buffer.Length)), deadline.Token);
            Assert.True(count > 0, $"{_process.StartInfo.FileName} ended, {length} octets short:\n{Error}");
            hash.AppendData(buffer.AsSpan(0, count));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
