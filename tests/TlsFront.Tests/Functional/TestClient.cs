using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;

namespace TlsFront.Tests.Functional;

/// <summary>A mail client of one line at a time, over TLS in memory.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SslStream _tls;
    private readonly StringBuilder _received = new();
    private readonly byte[] _buffer = new byte[16 * 1024];

    private TestClient(SslStream tls) => _tls = tls;

    public SslStream Tls => _tls;

    /// <summary>
    /// Secures <paramref name="pipe"/>; <paramref name="inHandshake"/> runs between the gateway's answer to the hello and the client's to that.
    /// </summary>
    public static Task<TestClient> HandshakeAsync(
        IDuplexPipe pipe, string serverName = "mail.example.com", SslProtocols versions = SslProtocols.Tls12 | SslProtocols.Tls13,
        Action? inHandshake = null) =>
        HandshakeAsync(new TestDuplexStream(pipe, inHandshake), serverName, versions);

    /// <summary>Secures <paramref name="connection"/>, which it owns from here.</summary>
    public static async Task<TestClient> HandshakeAsync(
        Stream connection, string serverName = "mail.example.com", SslProtocols versions = SslProtocols.Tls12 | SslProtocols.Tls13)
    {
        var tls = new SslStream(connection, leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = serverName,
            EnabledSslProtocols = versions,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        }).WaitAsync(Patience);
        return new TestClient(tls);
    }

    public async Task SendAsync(string text)
    {
        await _tls.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask().WaitAsync(Patience);
        await _tls.FlushAsync();
    }

    /// <summary>Reads on until <paramref name="text"/> has come and returns everything up to its end.</summary>
    public async Task<string> ExpectAsync(string text)
    {
        while (true)
        {
            var all = _received.ToString();
            var at = all.IndexOf(text, StringComparison.Ordinal);
            if (at >= 0)
            {
                _received.Remove(0, at + text.Length);
                return all[..(at + text.Length)];
            }

            if (!await ReadAsync())
            {
                throw new InvalidOperationException($"The gateway closed before '{text}' came; received: {all}");
            }
        }
    }

    /// <summary>Everything up to close_notify.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReadAsync())
        {
        }

        return _received.ToString();
    }

    public async ValueTask DisposeAsync() => await _tls.DisposeAsync();

    private async Task<bool> ReadAsync()
    {
        var read = await _tls.ReadAsync(_buffer).AsTask().WaitAsync(Patience);
        _received.Append(Encoding.Latin1.GetString(_buffer, 0, read));
        return read > 0;
    }
}
