using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using TlsFront.Configuration;

namespace TlsFront.Cli;

/// <summary>Talks to the running gateway: over its Unix socket where there is one, otherwise over TCP with the token where there is one.</summary>
internal sealed class AdminClient : IDisposable
{
    /// <summary>An upgrade takes as long as the new process needs to start, which <c>upgrade.timeout</c> bounds; at most an hour.</summary>
    public static readonly TimeSpan UpgradePatience = TimeSpan.FromHours(2);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Octets. Thousands of destinations fit.</summary>
    private const int LongestAnswer = 16 << 20;

    private readonly HttpClient _http;
    private readonly string _setting;
    private readonly string _where;

    public AdminClient(AdminSettings admin, TimeSpan? patience = null)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (admin.Socket is { } path)
        {
            (_setting, _where) = ("admin.socket", path);
            handler.ConnectCallback = (_, stop) => ConnectAsync(path, stop);
        }
        else
        {
            (_setting, _where) = ("admin.address", $"http://{Reachable(admin.Address)}");
        }

        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri(admin.Socket is null ? _where : "http://localhost"),
            Timeout = patience ?? Patience,
            MaxResponseContentBufferSize = LongestAnswer,
        };
        if (admin.Socket is null && admin.TokenFile is { } file && TokenFile.TryRead(file, out var token, out _))
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>A wildcard is where the gateway listens, not where one connects.</summary>
    public static IPEndPoint Reachable(IPEndPoint admin) =>
        admin.Address.Equals(IPAddress.IPv6Any) || admin.Address.Equals(IPAddress.Any) ? new(IPAddress.Loopback, admin.Port) : admin;

    /// <summary>Reads a document, or gives a command.</summary>
    /// <param name="method">GET or POST.</param>
    /// <param name="path">Path of the API.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The document, or what is wrong in words.</returns>
    public async Task<(string? Document, string? Problem)> AskAsync(HttpMethod method, string path, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (method == HttpMethod.Post)
            {
                request.Content = new StringContent("", Encoding.UTF8, "application/json");
            }

            using var response = await _http.SendAsync(request, stop);
            var text = await response.Content.ReadAsStringAsync(stop);
            return response.IsSuccessStatusCode ? (text, null) : (null, $"{_where} says: {Printable(text.TrimEnd())} ({(int)response.StatusCode})");
        }
        catch (HttpRequestException exception)
        {
            // The message of HTTP names a host and port, which a Unix socket has none of,
            // and the runtime calls one that is missing an address that cannot be assigned.
            var reason = _setting == "admin.socket" && !File.Exists(_where)
                ? "there is no such socket"
                : exception.InnerException?.Message ?? exception.Message;
            return (null, $"{_setting} {_where} cannot be asked: {reason}; is the gateway running, with the same {_setting}?");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (null, $"{_setting} {_where} gave no answer in {_http.Timeout.TotalSeconds} s");
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Whatever listens there must not control the terminal.</summary>
    private static string Printable(string text) => string.Concat(text.Take(1000).Select(letter => char.IsControl(letter) ? '?' : letter));

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
