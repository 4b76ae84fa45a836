using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using TlsFront.SystemTests.Gateways;

namespace TlsFront.SystemTests.Faults;

/// <summary>A client of either protocol in this process: a hundred of them are no hundred processes.</summary>
internal sealed class MailClient : IDisposable
{
    /// <summary>A server that hangs answers when it goes on, which may take a while under load.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TcpClient _client;
    private readonly SslStream _tls;
    private readonly StreamReader _reader;

    private MailClient(TcpClient client, SslStream tls)
    {
        _client = client;
        _tls = tls;
        _reader = new StreamReader(tls, Encoding.Latin1);
    }

    /// <summary>Connects and shakes hands, from an address on the loopback network.</summary>
    public static async Task<MailClient> ConnectAsync(GatewayProcess gateway, int port, string source = "127.0.0.1")
    {
        var client = new TcpClient(new IPEndPoint(IPAddress.Parse(source), 0));
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, gateway.Authority.Validate);
            await tls.AuthenticateAsClientAsync(GatewayProcess.Name).WaitAsync(Patience);
            return new MailClient(client, tls);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>The next line; an <see cref="IOException"/> at the end of the connection.</summary>
    public async Task<string> LineAsync() =>
        await _reader.ReadLineAsync().WaitAsync(Patience) ?? throw new EndOfStreamException("The connection ended.");

    /// <summary>Sends a line.</summary>
    public async Task SendAsync(string line) => await _tls.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"));

    /// <summary>Sends an SMTP command and reads the whole reply.</summary>
    /// <returns>Its last line.</returns>
    public async Task<string> CommandAsync(string command)
    {
        await SendAsync(command);
        while (true)
        {
            var line = await LineAsync();
            if (line.Length < 4 || line[3] != '-')
            {
                return line;
            }
        }
    }

    public void Dispose()
    {
        _tls.Dispose();
        _client.Dispose();
    }
}
