using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using TlsFront.SystemTests.Gateways;

namespace TlsFront.SystemTests.Limits;

/// <summary>A client whose handshake begins when the test wants it to.</summary>
internal sealed class ImapClient : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private SslStream? _tls;
    private StreamReader? _reader;

    /// <summary>Connects, without a handshake.</summary>
    public static async Task<ImapClient> ConnectAsync(int port)
    {
        var client = new ImapClient();
        await client._client.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>Shakes hands.</summary>
    public async Task SecureAsync(GatewayProcess gateway)
    {
        _tls = new SslStream(_client.GetStream(), leaveInnerStreamOpen: false, gateway.Authority.Validate);
        await _tls.AuthenticateAsClientAsync(GatewayProcess.Name).WaitAsync(Eventually.Deadline);
        _reader = new StreamReader(_tls, Encoding.Latin1);
    }

    /// <summary>The next line.</summary>
    public async Task<string?> LineAsync() => await _reader!.ReadLineAsync().WaitAsync(Eventually.Deadline);

    /// <summary>Sends a command; the next line.</summary>
    public async Task<string?> AskAsync(string command)
    {
        await _tls!.WriteAsync(Encoding.Latin1.GetBytes(command + "\r\n"));
        return await LineAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_tls is not null)
        {
            await _tls.DisposeAsync();
        }

        _client.Dispose();
    }
}
