using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Routing.Lookup;

/// <summary>A small HTTP service on loopback that says, octet by octet, what a test wants it to say.</summary>
internal sealed class ScriptedService : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, Task<string?>> _answer;
    private readonly SslStreamCertificateContext? _certificate;

    /// <summary>Kept: nothing else refers to one that waits for ever, and its socket would be closed by a garbage collection.</summary>
    private readonly ConcurrentBag<Task> _conversations = [];
    private readonly Task _loop;

    /// <param name="answer">The response to a request; null resets the connection.</param>
    /// <param name="certificate">Its certificate; null for plain HTTP.</param>
    public ScriptedService(Func<string, Task<string?>> answer, TestCertificate? certificate = null)
    {
        _answer = answer;
        if (certificate is not null)
        {
            using var leaf = X509Certificate2.CreateFromPem(certificate.Leaf, certificate.Key);
            _certificate = SslStreamCertificateContext.Create(
                X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null),
                [X509Certificate2.CreateFromPem(certificate.Intermediate)],
                offline: true);
        }

        _listener.Start();
        _loop = AcceptAsync();
    }

    public Uri Url => new($"{(_certificate is null ? "http" : "https")}://{_listener.LocalEndpoint}/auth?x=1");

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Requests so far, an octet a character.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public static ScriptedService Answering(Func<string, string?> answer, TestCertificate? certificate = null) =>
        new(request => Task.FromResult(answer(request)), certificate);

    public static string Ok(params string[] headers) => string.Join("\r\n", ["HTTP/1.1 200 OK", .. headers, "Content-Length: 0", "", ""]);

    public static string Leads(string server, int port, params string[] more) =>
        Ok(["Auth-Status: OK", $"Auth-Server: {server}", $"Auth-Port: {port}", .. more]);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _loop;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _conversations.Add(ServeAsync(await _listener.AcceptSocketAsync()));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var network = new NetworkStream(socket, ownsSocket: true);
            Stream stream = network;
            if (_certificate is not null)
            {
                var tls = new SslStream(network);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = _certificate });
                stream = tls;
            }

            var buffer = new byte[64 * 1024];
            var request = new StringBuilder();
            while (await stream.ReadAsync(buffer) is > 0 and var count)
            {
                request.Append(Encoding.Latin1.GetString(buffer, 0, count));
                if (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    continue;
                }

                Requests.Enqueue(request.ToString());
                var answer = await _answer(request.ToString());
                request.Clear();
                if (answer is null)
                {
                    socket.LingerState = new LingerOption(true, 0);
                    socket.Close();
                    return;
                }

                await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException
            or System.Security.Authentication.AuthenticationException)
        {
            // Clients that give up are what some tests are about.
        }
    }
}
