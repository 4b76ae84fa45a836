using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.Listeners;
using TlsFront.ProxyProtocol;
using TlsFront.Tests.Functional;
using TlsFront.Transport.Managed;

namespace TlsFront.Tests.Transport.Managed;

/// <summary>The gateway on real sockets: what memory cannot show, resets, stalled windows and what the kernel still holds.</summary>
public sealed class SocketGatewayTests
{
    [Fact]
    public async Task A_reset_before_a_byte_is_a_client_that_left()
    {
        await using var backend = new SocketBackend(SilentAsync);
        await using var gateway = await StartAsync(backend);
        var client = await ConnectAsync(gateway, "submissions");
        SocketBackend.Reset(client);
        await EndsAsync(gateway, "tls_client_left");
    }

    [Fact]
    public async Task A_reset_within_the_hello_is_a_client_that_left()
    {
        await using var backend = new SocketBackend(SilentAsync);
        await using var gateway = await StartAsync(backend);
        var client = await ConnectAsync(gateway, "submissions");
        await client.SendAsync(new byte[] { 22, 3, 1, 1, 0, 1, 0, 0, 250, 3, 3 });
        SocketBackend.Reset(client);
        await EndsAsync(gateway, "tls_client_left");
    }

    [Theory]
    [InlineData(Stage.Greeting)]
    [InlineData(Stage.PreLogin)]
    [InlineData(Stage.Data)]
    public async Task A_reset_within_an_SMTP_session_is_one(Stage stage)
    {
        var connected = new TaskCompletionSource();
        await using var backend = new SocketBackend((peer, _) =>
        {
            connected.SetResult();
            return stage == Stage.Greeting ? peer.ReadToEndAsync() : ServeSmtpAsync(peer);
        });
        await using var gateway = await StartAsync(backend);
        var socket = await ConnectAsync(gateway, "submissions");
        var client = await SecureAsync(socket);
        await connected.Task.WaitAsync(TestClient.Patience);
        if (stage != Stage.Greeting)
        {
            await client.ExpectAsync("220 ready\r\n");
        }

        if (stage == Stage.Data)
        {
            await client.SendAsync("EHLO laptop.example.net\r\nAUTH PLAIN AGRlbW8AZGVtbw==\r\n");
            await client.ExpectAsync("235 ok\r\n");
            await client.SendAsync("MAIL FROM:<a@example.net>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
            await client.ExpectAsync("354 go\r\n");
            await client.SendAsync("Subject: half\r\n");
        }

        SocketBackend.Reset(socket);
        await EndsAsync(gateway, "client_reset");
    }

    [Fact]
    public async Task A_reset_of_a_relayed_session_is_one()
    {
        var closed = new TaskCompletionSource<string>();
        await using var backend = new SocketBackend(async (peer, _) =>
        {
            await peer.SendAsync(await peer.ExpectAsync("hello"));
            closed.SetResult(await peer.ReadToEndAsync());
        });
        await using var gateway = await StartAsync(backend);
        var socket = await ConnectAsync(gateway, "echo");
        var client = await SecureAsync(socket);
        await client.SendAsync("hello");
        await client.ExpectAsync("hello");
        SocketBackend.Reset(socket);
        await EndsAsync(gateway, "client_reset");
        await closed.Task.WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task A_record_that_is_none_ends_the_session_like_a_reset()
    {
        await using var backend = new SocketBackend(SilentAsync);
        await using var gateway = await StartAsync(backend);
        var socket = await ConnectAsync(gateway, "echo");
        await using var client = await SecureAsync(socket);
        await socket.SendAsync(
            new byte[]
            {
                23, 3, 3, 0, 32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32
            });
        await EndsAsync(gateway, "client_reset");
    }

    [Theory]
    [InlineData(Stage.Greeting, "backend_unavailable")]
    [InlineData(Stage.PreLogin, "backend_reset")]
    [InlineData(Stage.Relay, "backend_reset")]
    public async Task A_backend_that_resets_is_told_from_one_that_closes(Stage stage, string reason)
    {
        await using var backend = new SocketBackend(async (peer, socket) =>
        {
            if (stage != Stage.Greeting)
            {
                await peer.SendAsync("* OK ready\r\n");
                await peer.ExpectAsync("a LOGIN demo demo\r\n");
            }

            if (stage == Stage.Relay)
            {
                await peer.SendAsync("a OK in\r\n");
                await peer.ExpectAsync("b NOOP\r\n");
            }

            SocketBackend.Reset(socket);
        });
        await using var gateway = await StartAsync(backend);
        await using var client = await SecureAsync(await ConnectAsync(gateway, "imaps"));
        if (stage != Stage.Greeting)
        {
            await client.ExpectAsync("* OK ready\r\n");
            await client.SendAsync("a LOGIN demo demo\r\n");
        }

        if (stage == Stage.Relay)
        {
            await client.ExpectAsync("a OK in\r\n");
            await client.SendAsync("b NOOP\r\n");
        }

        await client.ReadToEndAsync();
        await EndsAsync(gateway, reason);
    }

    [Fact]
    public async Task A_client_that_leaves_in_order_is_no_reset_even_if_the_backend_still_talks()
    {
        var left = new TaskCompletionSource();
        await using var backend = new SocketBackend(async (peer, socket) =>
        {
            await peer.ExpectAsync("LOGOUT\r\n");
            await left.Task;
            await peer.SendAsync(new string('x', 1_000_000));
            socket.Dispose();
        });
        await using var gateway = await StartAsync(backend);
        var client = await SecureAsync(await ConnectAsync(gateway, "echo"));
        await client.SendAsync("LOGOUT\r\n");
        await client.Tls.ShutdownAsync();
        await client.DisposeAsync();
        left.SetResult();
        await EndsAsync(gateway, "client_closed");
    }

    [Fact]
    public async Task Everything_the_backend_sent_before_its_end_reaches_a_client_that_reads_late()
    {
        await using var backend = new SocketBackend(async (peer, socket) =>
        {
            await peer.SendAsync(new string('x', 3_000_000) + "end");
            socket.Dispose();
        });
        await using var gateway = await StartAsync(backend);
        await using var client = await SecureAsync(await ConnectAsync(gateway, "echo", receiveBuffer: 4096));
        Assert.Equal(3_000_003, (await client.ReadToEndAsync()).Length);
        await EndsAsync(gateway, "completed");
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_cut_with_its_socket()
    {
        await using var backend = new SocketBackend(async (peer, _) => await peer.SendAsync(new string('x', 20_000_000)));
        await using var gateway = await StartAsync(
            backend, settings => settings with { Timeouts = settings.Timeouts with { Write = TimeSpan.FromMilliseconds(200) } });
        await using var client = await SecureAsync(await ConnectAsync(gateway, "echo", receiveBuffer: 4096));
        await EndsAsync(gateway, "client_stalled");
        await AllClosedAsync(gateway);
    }

    [Fact]
    public async Task An_IPv4_client_of_a_socket_for_both_families_is_an_IPv4_client_to_the_backend()
    {
        if (!Socket.OSSupportsIPv6)
        {
            return;
        }

        var header = new TaskCompletionSource<string>();
        await using var backend = new SocketBackend(async (peer, _) => header.SetResult(await peer.ExpectAsync("\r\n")));
        await using var gateway = await StartAsync(backend, settings => settings with
        {
            Listeners = [.. settings.Listeners.Select(listener => listener with { Address = new IPEndPoint(IPAddress.IPv6Any, 0) })],
            Backends = [.. settings.Backends.Select(settings => settings with { ProxyProtocol = ProxyHeaderVersion.V1 })],
        });
        var port = ((IPEndPoint)gateway.Host.MailAddresses["imaps"]).Port;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await using var client = await SecureAsync(socket);
        Assert.Equal(
            $"PROXY TCP4 127.0.0.1 127.0.0.1 {((IPEndPoint)socket.LocalEndPoint!).Port} {port}\r\n",
            await header.Task.WaitAsync(TestClient.Patience));
    }

    public enum Stage
    {
        Greeting,
        PreLogin,
        Data,
        Relay,
    }

    private static Task<TestGateway> StartAsync(SocketBackend backend, Func<GatewaySettings, GatewaySettings>? change = null) =>
        TestGateway.StartAsync(
        settings =>
        {
            settings = settings with
            {
                Backends =
                [
                    .. settings.Backends.Select(
                        settings => settings with { Destinations = [backend.Destination], ProxyProtocol = ProxyHeaderVersion.None })
                ],
            };
            return change is null ? settings : change(settings);
        },
        services => services.AddSingleton(provider => ManagedEngine.Create(
            provider.GetRequiredService<IMemoryPoolFactory<byte>>(), provider.GetRequiredService<ILoggerFactory>())));

    private static async Task<Socket> ConnectAsync(TestGateway gateway, string listener, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        await socket.ConnectAsync(gateway.Host.MailAddresses[listener]);
        return socket;
    }

    private static Task<TestClient> SecureAsync(Socket socket) => TestClient.HandshakeAsync(new NetworkStream(socket, ownsSocket: true));

    private static async Task EndsAsync(TestGateway gateway, string reason)
    {
        Assert.Equal(reason, await gateway.Ends.NextAsync());
        Assert.Equal(0, gateway.Sessions.Count);
    }

    private static async Task AllClosedAsync(TestGateway gateway)
    {
        var connections = gateway.Host.Services.GetRequiredService<MailConnections>();
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (connections.Count > 0)
        {
            await Task.Delay(5, patience.Token);
        }
    }

    private static Task<string> SilentAsync(ScriptedPeer peer, Socket socket) => peer.ReadToEndAsync();

    private static async Task ServeSmtpAsync(ScriptedPeer backend)
    {
        await backend.SendAsync("220 ready\r\n");
        await backend.ExpectAsync("EHLO laptop.example.net\r\n");
        await backend.SendAsync("250-here\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n");
        await backend.ExpectAsync("AUTH PLAIN AGRlbW8AZGVtbw==\r\n");
        await backend.SendAsync("235 ok\r\n");
        await backend.ExpectAsync("DATA\r\n");
        await backend.SendAsync("250 ok\r\n250 ok\r\n354 go\r\n");
        await backend.ReadToEndAsync();
    }
}
