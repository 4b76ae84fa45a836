using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using TlsFront.Configuration;
using TlsFront.Tests.Telemetry;
using TlsFront.Tests.Transport.Managed;
using TlsFront.Tests.Transport.Native;

namespace TlsFront.Tests.Functional;

/// <summary>
/// What comes to mail ports on the open Internet and is no mail: each has an end with a reason, on each engine, and no backend hears of it.
/// </summary>
public sealed class HostileBytesTests
{
    /// <summary>In front of TLS, with the reason that the log, the metric and the trace have.</summary>
    public static TheoryData<bool, string, string, string> Openings => WithEngines(
        ("an HTTP request", Hex("GET / HTTP/1.1\r\nHost: mail.example.com\r\n\r\n"), "not_tls"),
        ("an SSH greeting", Hex("SSH-2.0-OpenSSH_9.2\r\n"), "not_tls"),
        ("an RDP connection request", "030000130EE000000000000100080003000000", "not_tls"),
        ("an SMB negotiation", "00000054FE534D42400000000000000000001F00", "not_tls"),
        ("an SSL 2 hello", "802E0103010015000000100100800300800700C00600400200800400805A5A5A5A5A5A5A5A5A", "tls_version_too_old"),
        ("commands in clear", Hex("a1 LOGIN joe secret\r\n"), "not_tls"),
        ("a record of more than 2^14 octets", "160301FFFF01", "tls_malformed_hello"),
        ("a record without content", "1603010000", "tls_malformed_hello"),
        ("a message other than a hello", "16030100040200000000", "tls_malformed_hello"),
        ("a hello that ends in its middle", "1603010009010000050303AAAAAA", "tls_malformed_hello"),
        ("a hello of 2^24 octets", "16030100200100FFFFFF0303" + "00112233445566778899AABBCCDDEEFF00112233445566778899", "tls_malformed_hello"),
        ("an alert", "15030100020228", "tls_malformed_hello"));

    [Theory]
    [MemberData(nameof(Openings))]
    public async Task What_is_no_hello_ends_with_a_reason(bool isNative, string what, string octets, string reason)
    {
        await using var backend = new SocketBackend(static (_, _) => throw new InvalidOperationException("No backend is asked."));
        await using var gateway = await StartAsync(isNative, backend);
        foreach (var listener in (string[])["submissions", "imaps", "pop3s"])
        {
            using var socket = await ConnectAsync(gateway, listener);
            await SendAsync(socket, Convert.FromHexString(octets));
            Assert.Equal((what, listener, reason), (what, listener, await gateway.Ends.NextAsync()));
            await EndedAsync(socket);
        }
    }

    /// <summary>A hello may be as long as it likes up to 64 KB, and come in as many pieces as it has octets: it is still one.</summary>
    [Theory]
    [InlineData(true, 12)]
    [InlineData(true, 40)]
    [InlineData(false, 12)]
    [InlineData(false, 40)]
    public async Task A_long_hello_in_segments_of_one_octet_is_served(bool isNative, int kilobytes)
    {
        await using var backend = new SocketBackend(static async (peer, _) =>
        {
            await peer.SendAsync("hello");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await StartAsync(isNative, backend);
        using var socket = await ConnectAsync(gateway, "echo");
        await using var tls = new SslStream(new ChoppingStream(new NetworkStream(socket), 1));
        var names = Enumerable.Range(0, kilobytes * 4).Select(static i => new SslApplicationProtocol($"{i:D4}{new string('x', 250)}"));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mail.example.com",
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            ApplicationProtocols = [.. names],
        }).WaitAsync(TestClient.Patience);

        Assert.Equal("hello", await tls.ReadTextAsync(5));
    }

    private static TheoryData<bool, string, string, string> WithEngines(params IEnumerable<(string What, string Octets, string Reason)> cases)
    {
        var data = new TheoryData<bool, string, string, string>();
        foreach (var (what, octets, reason) in cases)
        {
            data.Add(true, what, octets, reason);
            data.Add(false, what, octets, reason);
        }

        return data;
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.Latin1.GetBytes(text));

    private static async Task<Socket> ConnectAsync(TestGateway gateway, string listener)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(gateway.Host.MailAddresses[listener]);
        return socket;
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> octets)
    {
        try
        {
            await socket.SendAsync(octets);
        }
        catch (SocketException)
        {
            // Gone before it heard all of it.
        }
    }

    /// <summary>Whatever it still says, it closes.</summary>
    private static async Task EndedAsync(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer).WaitAsync(TestClient.Patience) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // A reset is an end as well: it did not read all that came.
        }
    }

    private static Task<TestGateway> StartAsync(bool isNative, SocketBackend backend) =>
        EngineGateway.StartAsync(isNative ? EngineChoice.Native : EngineChoice.Managed, backend, static settings => settings);
}
