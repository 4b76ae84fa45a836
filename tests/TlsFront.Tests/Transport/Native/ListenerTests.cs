using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Tests.Transport.Native;

public sealed class ListenerTests
{
    [Fact]
    public async Task An_address_another_gateway_listens_on_is_refused()
    {
        await using var gateway = await NativeGateway.StartAsync(settings: new NativeSettings { Loops = 2 });
        Assert.True(
            NativeEngine.TryCreate(new NativeSettings { Loops = 2 }, null, TimeProvider.System, NullLoggerFactory.Instance, out var other, out _));
        using (other)
        {
            await Assert.ThrowsAsync<AddressInUseException>(() => other!.Transport.Listeners.BindAsync(gateway.Address).AsTask());
        }
    }

    [Fact]
    public async Task Every_loop_accepts()
    {
        await using var gateway = await NativeGateway.StartAsync(settings: new NativeSettings { Loops = 4 });
        for (var i = 0; i < 32; i++)
        {
            await using var client = await gateway.SecureClientAsync();
            using var backend = await gateway.AcceptBackendAsync();
            await client.WriteTextAsync("x");
            Assert.Equal("x", await backend.ReceiveTextAsync(1));
        }
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_listener_on_any_address_serves_both_families_and_tells_the_address_connected_to(string address)
    {
        Assert.True(
            NativeEngine.TryCreate(new NativeSettings { Loops = 1 }, null, TimeProvider.System, NullLoggerFactory.Instance, out var engine, out _));
        using (engine)
        {
            await using var listener = await engine!.Transport.Listeners.BindAsync(new IPEndPoint(IPAddress.IPv6Any, 0));
            var port = ((IPEndPoint)listener.EndPoint).Port;
            using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(new IPEndPoint(IPAddress.Parse(address), port));

            await using var connection = await listener.AcceptAsync();

            var local = (IPEndPoint)connection!.LocalEndPoint!;
            Assert.Equal(port, local.Port);
            Assert.Equal(IPAddress.Parse(address), local.Address.IsIPv4MappedToIPv6 ? local.Address.MapToIPv4() : local.Address);
            Assert.Equal(((IPEndPoint)client.LocalEndPoint!).Port, ((IPEndPoint)connection.RemoteEndPoint!).Port);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task While_nobody_takes_connections_almost_all_wait_in_the_kernel_and_all_are_served_then(int loops)
    {
        const int Clients = 100;
        Assert.True(
            NativeEngine.TryCreate(
                new NativeSettings { Loops = loops }, null, TimeProvider.System, NullLoggerFactory.Instance, out var engine, out _));
        using (engine)
        {
            await using var listener = await engine!.Transport.Listeners.BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
            long Descriptors() => engine.Transport.Figures!.NativeObjects.Single(static counted => counted.Kind == "descriptor").Count;
            var before = Descriptors();
            var clients = new List<Socket>();

            // The loops accept from the first time on that anybody asks.
            var first = listener.AcceptAsync();
            for (var i = 0; i < Clients; i++)
            {
                clients.Add(new Socket(SocketType.Stream, ProtocolType.Tcp));
                await clients[i].ConnectAsync(listener.EndPoint);
            }

            // Each loop may add one that the others do not see yet, and one was taken.
            await using (await first)
            {
                Assert.InRange(Descriptors() - before, 1, AcceptQueue.Room + loops);
            }

            for (var i = 1; i < Clients; i++)
            {
                await (await listener.AcceptAsync())!.DisposeAsync();
            }

            clients.ForEach(static client => client.Dispose());
        }
    }

    [Fact]
    public async Task Unbinding_refuses_new_clients_and_keeps_old_ones()
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();

        // Keeps the port from everybody else, this test's own client included, and does not listen.
        using var keeper = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        keeper.SetRawSocketOption(Linux.LevelSocket, Linux.OptionReusePort, BitConverter.GetBytes(1));
        keeper.Bind(gateway.Address);
        (await gateway.ConnectAsync()).Dispose();

        await gateway.UnbindAsync();

        var refusal = await Assert.ThrowsAsync<SocketException>(gateway.ConnectAsync);
        Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
        await client.WriteTextAsync("x");
        Assert.Equal("x", await backend.ReceiveTextAsync(1));
    }

    [Fact]
    public async Task A_backend_that_refuses_is_told_from_one_that_takes_too_long()
    {
        Assert.True(
            NativeEngine.TryCreate(new NativeSettings { Loops = 1 }, null, TimeProvider.System, NullLoggerFactory.Instance, out var engine, out _));
        using (engine)
        {
            using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));

            var failure = await Assert.ThrowsAsync<SocketException>(() => engine!.Transport.Backends.ConnectAsync(closed.LocalEndPoint!).AsTask());
            Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);

            // A full backlog: the kernel drops further opening segments.
            closed.Listen(0);
            using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await first.ConnectAsync(closed.LocalEndPoint!);
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            await Assert.ThrowsAsync<OperationCanceledException>(
                () => engine!.Transport.Backends.ConnectAsync(closed.LocalEndPoint!, stop.Token).AsTask());
        }
    }

    [Fact]
    public async Task A_backend_may_be_a_unix_socket_or_a_name()
    {
        Assert.True(
            NativeEngine.TryCreate(new NativeSettings { Loops = 1 }, null, TimeProvider.System, NullLoggerFactory.Instance, out var engine, out _));
        using (engine)
        {
            var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            using var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            unix.Bind(new UnixDomainSocketEndPoint(path));
            unix.Listen();
            await using (var connection = await engine!.Transport.Backends.ConnectAsync(new UnixDomainSocketEndPoint(path)))
            {
                await connection.Transport.Output.WriteAsync("introduced"u8.ToArray());
                using var accepted = await unix.AcceptAsync();
                Assert.Equal("introduced", await accepted.ReceiveTextAsync(10));
            }

            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            tcp.Listen();
            var port = ((IPEndPoint)tcp.LocalEndPoint!).Port;
            await using var from = await engine.Transport.Backends.ConnectAsync(
                new OutboundEndPoint(IPAddress.Loopback, port, IPAddress.Parse("127.0.0.9")));
            using var other = await tcp.AcceptAsync().WaitAsync(NativeGateway.Patience);
            Assert.Equal(("127.0.0.9", from.LocalEndPoint), (((IPEndPoint)other.RemoteEndPoint!).Address.ToString(), other.RemoteEndPoint));
            var failure = await Assert.ThrowsAsync<SocketException>(() =>
                engine.Transport.Backends.ConnectAsync(new OutboundEndPoint(IPAddress.Loopback, port, IPAddress.Parse("192.0.2.1"))).AsTask());
            Assert.Equal(SocketError.AddressNotAvailable, failure.SocketErrorCode);
            File.Delete(path);
        }
    }
}
