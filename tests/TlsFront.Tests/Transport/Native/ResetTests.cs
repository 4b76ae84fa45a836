using System.Net.Sockets;
using System.Security.Authentication;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Tests.Transport.Native;

/// <summary>Peers that vanish, at every stage. Every test also asserts, at its end, that no native object is left.</summary>
public sealed class ResetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task A_client_that_resets_before_or_inside_its_hello_has_left_the_handshake(int sent)
    {
        await using var gateway = await NativeGateway.StartAsync();
        using var client = await gateway.ConnectAsync();
        byte[] opening = [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, .. new byte[200]];
        await client.SendAsync(opening.AsMemory(0, sent));
        client.Reset();

        Assert.Equal(CloseReason.TlsClientLeft, (await gateway.HandshakeAsync()).Failure);
    }

    [Fact]
    public async Task A_client_that_resets_behind_its_hello_has_left_the_handshake()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var socket = default(NetworkStream);
        var held = default(HoldingStream);
        var client = await gateway.SecureClientAsync(SslProtocols.Tls13, stream => held = new HoldingStream(socket = (NetworkStream)stream));

        socket!.Socket.Reset();

        Assert.Equal(CloseReason.TlsClientLeft, (await gateway.HandshakeAsync()).Failure);
        held!.Dispose();
        Assert.NotNull(client);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_client_may_reset_behind_any_byte_it_sends_and_others_go_on(SslProtocols protocols)
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using var other = await gateway.SecureClientAsync();
        using var others = await gateway.AcceptBackendAsync();
        Assert.NotNull((await gateway.HandshakeAsync()).Facts);
        var whole = default(ResettingStream);
        await using (
            var client = await gateway.SecureClientAsync(protocols, stream => whole = new ResettingStream((NetworkStream)stream, int.MaxValue)))
        {
            await client.WriteTextAsync("question");
            using var backend = await gateway.AcceptBackendAsync();
            Assert.Equal("question", await backend.ReceiveTextAsync(8));
        }

        Assert.NotNull((await gateway.HandshakeAsync()).Facts);
        _ = await gateway.EndAsync();

        // The lengths of a few fields vary from one handshake to the next.
        for (var last = 1; last < whole!.Written - 32; last += 1 + (whole.Written / 50))
        {
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                var client = await gateway.SecureClientAsync(protocols, stream => new ResettingStream((NetworkStream)stream, last));
                await client.WriteTextAsync("question");
                await client.ShutdownAsync();
            });
            var handshake = await gateway.HandshakeAsync();
            if (handshake.Facts is null)
            {
                Assert.Equal(CloseReason.TlsClientLeft, handshake.Failure);
            }
            else
            {
                Assert.Equal(CloseReason.ClientReset, await gateway.EndAsync());
            }

            await other.WriteTextAsync("still here");
            Assert.Equal("still here", await others.ReceiveTextAsync(10));
        }
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_given_up_after_the_deadline()
    {
        await using var gateway = await NativeGateway.StartAsync(timeouts: new TimeoutSettings { Handshake = TimeSpan.FromMilliseconds(200) });
        using var client = await gateway.ConnectAsync();

        Assert.Equal(CloseReason.TlsHandshakeTimeout, (await gateway.HandshakeAsync()).Failure);
        Assert.Equal("", await client.ReceiveToEndAsync());
    }

    [Fact]
    public async Task A_client_that_resets_while_a_backend_is_looked_for_ends_the_session_once_there_is_one()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var connects = new TaskCompletionSource();
        gateway.BackendMayConnect = connects.Task;
        var socket = default(NetworkStream);
        await using var client = await gateway.SecureClientAsync(over: stream => socket = (NetworkStream)stream);
        Assert.True(await gateway.WantsBackend.WaitAsync(NativeGateway.Patience));
        socket!.Socket.Reset();
        connects.SetResult();

        using var backend = await gateway.AcceptBackendAsync();
        Assert.Equal(CloseReason.ClientReset, await gateway.EndAsync());
        Assert.Equal("", await backend.ReceiveToEndAsync());
    }

    [Fact]
    public async Task A_client_that_resets_in_the_middle_ends_the_session()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var socket = default(NetworkStream);
        await using var client = await gateway.SecureClientAsync(over: stream => socket = (NetworkStream)stream);
        using var backend = await gateway.AcceptBackendAsync();
        await client.WriteTextAsync("x");
        Assert.Equal("x", await backend.ReceiveTextAsync(1));

        socket!.Socket.Reset();

        Assert.Equal(CloseReason.ClientReset, await gateway.EndAsync());
        Assert.Equal("", await backend.ReceiveToEndAsync());
    }

    [Fact]
    public async Task A_client_that_resets_while_much_is_on_its_way_to_it_ends_the_session()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var socket = default(NetworkStream);
        await using var client = await gateway.SecureClientAsync(over: stream => socket = (NetworkStream)stream);
        using var backend = await gateway.AcceptBackendAsync();
        var sending = backend.SendAsync(new byte[64_000_000]);
        Assert.Equal(1, await client.ReadAsync(new byte[1]).AsTask().WaitAsync(NativeGateway.Patience));

        socket!.Socket.Reset();

        Assert.Equal(CloseReason.ClientReset, await gateway.EndAsync());
        await Assert.ThrowsAsync<SocketException>(() => sending.WaitAsync(NativeGateway.Patience));
    }

    [Fact]
    public async Task A_backend_that_resets_ends_the_session_with_close_notify_to_the_client()
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        await client.WriteTextAsync("x");
        Assert.Equal("x", await backend.ReceiveTextAsync(1));

        backend.Reset();

        Assert.Equal("", await client.ReadToEndAsync());
        await client.DisposeAsync();
        Assert.Equal(CloseReason.BackendReset, await gateway.EndAsync());
    }

    [Fact]
    public async Task A_backend_that_resets_while_much_is_on_its_way_to_it_ends_the_session()
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        var sending = client.WriteAsync(new byte[64_000_000]).AsTask();
        Assert.Equal("\0", await backend.ReceiveTextAsync(1));

        backend.Reset();

        Assert.Equal("", await client.ReadToEndAsync());
        await client.DisposeAsync();
        Assert.Equal(CloseReason.BackendReset, await gateway.EndAsync());
        _ = await Record.ExceptionAsync(() => sending.WaitAsync(NativeGateway.Patience));
    }

    [Fact]
    public async Task Records_that_are_no_tls_in_the_middle_of_a_session_end_it()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var socket = default(NetworkStream);
        await using var client = await gateway.SecureClientAsync(over: stream => socket = (NetworkStream)stream);
        using var backend = await gateway.AcceptBackendAsync();

        await socket!.WriteAsync("this is no record at all"u8.ToArray());

        Assert.Equal(CloseReason.ClientReset, await gateway.EndAsync());
        Assert.Equal("", await backend.ReceiveToEndAsync());
    }

    [Fact]
    public async Task The_failure_of_one_connection_does_not_reach_the_next()
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using var good = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        for (var i = 0; i < 20; i++)
        {
            // Fails inside OpenSSL, behind a hello that is in order.
            var socket = default(NetworkStream);
            var client = await gateway.SecureClientAsync(SslProtocols.Tls13, stream => new HoldingStream(socket = (NetworkStream)stream));
            await socket!.WriteAsync("\u0016\u0003\u0003\u0000\u0004abcd"u8.ToArray());
            await good.WriteTextAsync("still here");
            Assert.Equal("still here", await backend.ReceiveTextAsync(10));
            socket.Dispose();
            Assert.NotNull(client);
        }
    }
}
