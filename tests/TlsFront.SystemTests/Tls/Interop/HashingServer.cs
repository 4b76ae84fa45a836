using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace TlsFront.SystemTests.Tls.Interop;

/// <summary>
/// A server behind the gateway: takes a request with a body, answers with as many octets of its own, and closes. It is HTTP as far as curl needs it.
/// One direction after the other: not every client reads while it writes.
/// </summary>
public sealed class HashingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _block = RandomNumberGenerator.GetBytes(1 << 20);
    private readonly Task _accepting;
    private long _received;

    public HashingServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What was done, in order.</summary>
    public ConcurrentQueue<Exchange> Exchanges { get; } = [];

    /// <summary>Octets of bodies that came, those of requests that are not complete as well.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>What is done between request and answer, while the session is open.</summary>
    public Func<Task> WhileOpen { get; set; } = static () => Task.CompletedTask;

    /// <summary>The head of a request with a body of that length, for an answer of another length if one is given.</summary>
    public static string Request(long length, long? answer = null) => string.Create(
        CultureInfo.InvariantCulture, $"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\nAnswer-Length: {answer ?? length}\r\n\r\n");

    /// <summary>The head of the answer to it.</summary>
    public static string Answer(long length) =>
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptSocketAsync()));
            }
        }
        catch (SocketException)
        {
            // Stopped.
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            if (await HeadAsync(stream) is { } head)
            {
                var length = Field(head, "Content-Length") ?? 0;
                var received = await ReceiveAsync(stream, length);
                await WhileOpen();
                var answer = Field(head, "Answer-Length") ?? length;

                // Before the last octet leaves: the client may go on as soon as it has that.
                Exchanges.Enqueue(new(received, length, HashOfAnswer(answer)));
                await SendAsync(stream, answer);
            }
        }
        catch (IOException)
        {
            // A health check, or a client that went away: what it wanted is not among the exchanges.
        }
    }

    /// <summary>The head of a request; null if there is none.</summary>
    private static async Task<string?> HeadAsync(NetworkStream stream)
    {
        var (head, octet) = ("", new byte[1]);
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(octet) == 0)
            {
                return null;
            }

            head += (char)octet[0];
        }

        return head;
    }

    private static long? Field(string head, string name) =>
        head.Split("\r\n").SingleOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase)) is { } line
            ? long.Parse(line.AsSpan(name.Length + 2), CultureInfo.InvariantCulture)
            : null;

    private async Task<string> ReceiveAsync(NetworkStream stream, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[65536];
        while (length > 0)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(length, buffer.Length));
            part = part[..await stream.ReadAtLeastAsync(part, 1)];
            hash.AppendData(part.Span);
            length -= part.Length;
            Interlocked.Add(ref _received, part.Length);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private string HashOfAnswer(long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in PartsOfAnswer(length))
        {
            hash.AppendData(part.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task SendAsync(NetworkStream stream, long length)
    {
        foreach (var part in PartsOfAnswer(length))
        {
            await stream.WriteAsync(part);
        }
    }

    private IEnumerable<ReadOnlyMemory<byte>> PartsOfAnswer(long length)
    {
        yield return Encoding.ASCII.GetBytes(Answer(length));
        for (var left = length; left > 0; left -= _block.Length)
        {
            yield return _block.AsMemory(0, (int)Math.Min(left, _block.Length));
        }
    }
}
