using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Configuration;
using TlsFront.Listeners;
using TlsFront.ProxyProtocol;
using TlsFront.Systemd;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Systemd;
using TlsFront.Tests.Transport.Managed;
using TlsFront.Transport;
using TlsFront.Transport.Native;

namespace TlsFront.Tests.Listeners;

/// <summary>Sockets that the service manager opened, and that outlive the gateway, on both engines.</summary>
public sealed class SocketActivationTests
{
    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_listener_takes_over_the_socket_with_its_address_and_the_others_bind_themselves(object engine)
    {
        using var socket = new ManagedSocket();
        await using var backend = new SocketBackend(static async (peer, _) => await peer.SendAsync("* OK ready\r\n"));
        using var early = await ConnectAsync(socket.Address);
        await using var gateway = await StartAsync((EngineChoice)engine, socket, backend, imaps: socket.Address);
        Assert.Equal(socket.Address, gateway.Host.MailAddresses["imaps"]);
        Assert.Equal(4, gateway.Host.MailAddresses.Values.Distinct().Count());
        await using var client = await TestClient.HandshakeAsync(new NetworkStream(early));
        await client.ExpectAsync("* OK ready\r\n");
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_socket_that_no_listener_has_stops_the_start(object engine)
    {
        using var socket = new ManagedSocket();
        await using var backend = new SocketBackend(static (_, _) => Task.CompletedTask);
        var failure = await Assert.ThrowsAsync<GatewayStartException>(
            () => StartAsync((EngineChoice)engine, socket, backend, imaps: new IPEndPoint(IPAddress.Loopback, 0)));
        Assert.Contains(
            $"(unknown) of the service manager listens on {socket.Address}, and no listener has that address", failure.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_admin_endpoint_takes_over_its_socket_as_well()
    {
        using var socket = new ManagedSocket();
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with { Admin = settings.Admin with { Address = socket.Address } },
            services => services.AddSingleton(HandOver(socket)));
        using var http = new HttpClient();
        Assert.Equal("ready\n", await http.GetStringAsync(new Uri($"http://{socket.Address}/readyz")));
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task Who_connects_while_no_gateway_accepts_is_served_by_the_next_one(object engine)
    {
        using var socket = new ManagedSocket();
        for (var i = 0; i < 3; i++)
        {
            using var transport = Create((EngineChoice)engine, loops: 2);
            await using var listener = await BindAsync(transport, socket);
            using var client = await ConnectAsync(socket.Address);
            await AcceptAsync(listener, client);
            var accepting = listener.AcceptAsync().AsTask();
            await listener.UnbindAsync();
            Assert.Null(await accepting.WaitAsync(TestClient.Patience));

            // The socket is as the service manager made it: it listens, and what it accepts is not reset when it is closed.
            Assert.Equal(1, (int)socket.Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)!);
            Assert.False(socket.Socket.LingerState!.Enabled);

            using var between = await ConnectAsync(socket.Address);
            using var nextTransport = Create((EngineChoice)engine, loops: 2);
            await using var next = await BindAsync(nextTransport, socket);
            await AcceptAsync(next, between);
        }
    }

    [Fact]
    public async Task Every_loop_gets_as_many_connections_as_the_others()
    {
        const int loops = 4;
        using var socket = new ManagedSocket();
        using var engine = Create(EngineChoice.Native, loops);
        await using var listener = await BindAsync(engine, socket);
        var counts = new Dictionary<EventLoop, int>();
        for (var i = 0; i < 5 * loops; i++)
        {
            using var client = await ConnectAsync(socket.Address);
            await using var connection = (NativeConnection?)await listener.AcceptAsync().AsTask().WaitAsync(TestClient.Patience);
            counts[connection!.Loop] = counts.GetValueOrDefault(connection.Loop) + 1;
        }

        Assert.Equal([5, 5, 5, 5], counts.Values);
    }

    private static async Task AcceptAsync(IConnectionListener listener, Socket client)
    {
        await using var connection = await listener.AcceptAsync().AsTask().WaitAsync(TestClient.Patience);
        Assert.Equal(client.LocalEndPoint, connection!.RemoteEndPoint);
        Assert.Equal(client.RemoteEndPoint, connection.LocalEndPoint);
    }

    private static ValueTask<IConnectionListener> BindAsync(TransportEngine engine, ManagedSocket socket) =>
        engine.Listeners.BindAsync(new FileHandleEndPoint((ulong)socket.HandOver(), FileHandleType.Tcp));

    private static TransportEngine Create(EngineChoice engine, int loops) => EngineSelection.Create(
        engine, new NativeSettings { Loops = loops }, null, new Pools(), TimeProvider.System, NullLoggerFactory.Instance);

    private static async Task<Socket> ConnectAsync(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address).WaitAsync(TestClient.Patience);
        return socket;
    }

    /// <summary>What the environment of a process that <paramref name="socket"/> is handed over to tells.</summary>
    private static InheritedSockets HandOver(ManagedSocket socket) =>
        InheritedSockets.Read(static name => name switch { "LISTEN_PID" => "7", "LISTEN_FDS" => "1", _ => null }, processId: 7, socket.HandOver());

    private static Task<TestGateway> StartAsync(EngineChoice engine, ManagedSocket socket, SocketBackend backend, IPEndPoint imaps) =>
        TestGateway.StartAsync(
        settings => settings with
        {
            Listeners = [.. settings.Listeners.Select(listener => listener.Name == "imaps" ? listener with { Address = imaps } : listener)],
            Backends =
            [
                .. settings.Backends.Select(
                    settings => settings with { Destinations = [backend.Destination], ProxyProtocol = ProxyHeaderVersion.None })
            ],
        },
        services => services
            .AddSingleton(HandOver(socket))
            .AddSingleton(provider => EngineSelection.Create(
                engine, new NativeSettings { Loops = 2 }, null, provider.GetRequiredService<IMemoryPoolFactory<byte>>(), TimeProvider.System,
                provider.GetRequiredService<ILoggerFactory>())));

    /// <summary>For backends, of which there are none where an engine is alone.</summary>
    private sealed class Pools : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => MemoryPool<byte>.Shared;
    }
}
