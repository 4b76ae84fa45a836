using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TlsFront.SystemTests.Limits;

/// <summary>A server that greets, and answers every command with OK.</summary>
internal sealed class ImapStub : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ImapStub()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                await SkipIntroductionAsync(stream);
                using var reader = new StreamReader(stream, Encoding.Latin1);
                await stream.WriteAsync("* OK ready\r\n"u8.ToArray());
                while (await reader.ReadLineAsync() is { } line)
                {
                    await stream.WriteAsync(Encoding.Latin1.GetBytes($"{line.Split(' ')[0]} OK done\r\n"));
                }
            }
            catch (IOException)
            {
                // The gateway left.
            }
        }
    }

    /// <summary>A PROXY header of version 2: 12 octets of signature, 2 of meaning, 2 of length.</summary>
    private static async Task SkipIntroductionAsync(NetworkStream stream)
    {
        var header = new byte[16];
        await stream.ReadExactlyAsync(header);
        await stream.ReadExactlyAsync(new byte[(header[14] << 8) + header[15]]);
    }
}
