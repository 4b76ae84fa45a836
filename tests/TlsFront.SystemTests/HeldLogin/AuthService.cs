using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TlsFront.SystemTests.HeldLogin;

/// <summary>A small service for nginx's <c>auth_http</c>: says what it is told to, and keeps what it was asked.</summary>
public sealed class AuthService : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<IReadOnlyDictionary<string, string>, string> _answer;
    private readonly Task _serving;

    /// <param name="answer">The headers that it answers to those of a request.</param>
    public AuthService(Func<IReadOnlyDictionary<string, string>, string> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The headers of each request.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        Assert.StartsWith("GET /auth HTTP/1.", await reader.ReadLineAsync(), StringComparison.Ordinal);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add(line[..colon], line[(colon + 1)..].Trim());
        }

        Requests.Enqueue(headers);
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.0 200 OK\r\nConnection: close\r\n{_answer(headers)}\r\n"));
    }
}
