using System.Net.Sockets;
using System.Text;
using TlsFront.Demo;

namespace TlsFront.Tests.Demo;

/// <summary>A client that says exactly what it is told, byte for byte (Latin-1).</summary>
internal sealed class Conversation : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client = new();
    private readonly StreamReader _reader;

    public Conversation(LineServer server)
    {
        _client.Connect(server.EndPoint);
        _reader = new(_client.GetStream(), Encoding.Latin1);
    }

    public async Task SendAsync(string text) => await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>The next line, or null at the end.</summary>
    public async Task<string?> ReadLineAsync() => await _reader.ReadLineAsync().WaitAsync(Deadline);

    /// <summary>Lines up to one that starts so, that one included.</summary>
    public async Task<List<string>> ReadUntilAsync(string start)
    {
        var lines = new List<string>();
        while (await ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return lines;
            }
        }

        throw new IOException($"The server left instead of saying '{start}'; it said: {string.Join(" | ", lines)}");
    }

    /// <summary>That many lines.</summary>
    public async Task<List<string?>> ReadLinesAsync(int count)
    {
        var lines = new List<string?>();
        while (lines.Count < count)
        {
            lines.Add(await ReadLineAsync());
        }

        return lines;
    }

    /// <summary>Says a line and returns the next.</summary>
    public async Task<string?> AskAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReadLineAsync();
    }

    /// <summary>Says an IMAP command with the tag <c>a</c> and returns its answer, the tagged line last.</summary>
    public async Task<List<string>> CommandAsync(string command)
    {
        await SendAsync($"a {command}\r\n");
        return await ReadUntilAsync("a ");
    }

    /// <summary>Leaves without a goodbye, and waits until the server has noticed.</summary>
    public async Task LeaveAsync()
    {
        _client.Client.Shutdown(SocketShutdown.Send);
        while (await ReadLineAsync() is not null)
        {
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }
}
