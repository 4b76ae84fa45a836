using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Transport.Native;

/// <summary>Transparent sessions. Every test also asserts, at its end, that no native object is left.</summary>
public sealed class RelayTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12, (int)TlsVersion.Tls12)]
    [InlineData(SslProtocols.Tls13, (int)TlsVersion.Tls13)]
    public async Task Bytes_pass_both_ways_behind_what_introduces_the_client(SslProtocols protocols, int version)
    {
        await using var gateway = await NativeGateway.StartAsync(introduction: "PROXY UNKNOWN\r\n"u8.ToArray());
        await using var client = await gateway.SecureClientAsync(protocols);
        var handshake = await gateway.HandshakeAsync();
        using var backend = await gateway.AcceptBackendAsync();

        await client.WriteTextAsync("ping");
        Assert.Equal("PROXY UNKNOWN\r\nping", await backend.ReceiveTextAsync(19));
        await backend.SendTextAsync("pong");
        Assert.Equal("pong", await client.ReadTextAsync(4));

        Assert.Equal((TlsVersion)version, handshake.Facts!.Version);
        Assert.Equal(client.NegotiatedCipherSuite.ToString(), handshake.Facts.CipherSuite);
        Assert.Equal("mail.example.com", handshake.Facts.ServerName);
        Assert.NotNull(handshake.Facts.Group);
        Assert.False(handshake.Facts.Resumed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Records_cut_anywhere_are_put_together(int size)
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using var client = await gateway.SecureClientAsync(over: stream => new ChoppingStream(stream, size));
        using var backend = await gateway.AcceptBackendAsync();
        var text = new string('x', 3000);

        await client.WriteTextAsync(text);

        Assert.Equal(text, await backend.ReceiveTextAsync(text.Length));
    }

    [Fact]
    public async Task A_record_cut_at_any_byte_is_put_together()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var wire = default(CapturingStream);
        var socket = default(NetworkStream);
        await using var client = await gateway.SecureClientAsync(over: stream => wire = new CapturingStream(socket = (NetworkStream)stream));
        using var backend = await gateway.AcceptBackendAsync();

        // The only loop has seen the first part when it has served another session behind it.
        await using var other = await gateway.SecureClientAsync();
        using var others = await gateway.AcceptBackendAsync();
        wire!.Captures = true;
        for (var cut = 1; ; cut++)
        {
            var text = $"record {cut,4}";
            await client.WriteTextAsync(text);
            var record = wire.Take();
            if (cut == record.Length)
            {
                break;
            }

            await socket!.WriteAsync(record.AsMemory(0, cut));
            await other.WriteTextAsync("x");
            Assert.Equal("x", await others.ReceiveTextAsync(1));
            await socket.WriteAsync(record.AsMemory(cut));
            Assert.Equal(text, await backend.ReceiveTextAsync(text.Length));
        }

        wire.Captures = false;
    }

    [Fact]
    public async Task A_backend_may_write_byte_by_byte()
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        backend.NoDelay = true;
        var text = string.Concat(Enumerable.Range(0, 200).Select(static i => $"{i,4}\n"));
        foreach (var character in text)
        {
            await backend.SendTextAsync(character.ToString());
        }

        Assert.Equal(text, await client.ReadTextAsync(text.Length));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_peer_does_not_take_is_held_within_the_bound(bool up)
    {
        var settings = new NativeSettings { Loops = 1 };
        await using var gateway = await NativeGateway.StartAsync(settings: settings);
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        await using var backendStream = new NetworkStream(backend);
        Stream from = up ? client : backendStream;
        Stream to = up ? backendStream : client;
        var bytes = RandomNumberGenerator.GetBytes(16_000_000);
        var sending = from.WriteAsync(bytes).AsTask();

        // Nobody reads, so the kernel's buffers fill up, and they hold less than was sent.
        using var patience = new CancellationTokenSource(NativeGateway.Patience);
        while (gateway.Objects.HeldBytes == 0)
        {
            await Task.Delay(1, patience.Token);
        }

        var most = 0;
        var piece = new byte[1000];
        for (var received = 0; received < bytes.Length;)
        {
            received += await to.ReadAsync(piece).AsTask().WaitAsync(NativeGateway.Patience);
            most = Math.Max(most, gateway.Objects.HeldBytes);
        }

        await sending.WaitAsync(NativeGateway.Patience);

        // A pool's arrays are powers of two, and ciphertext is a little longer than the batch it was made of; what is not decrypted yet comes on top.
        Assert.InRange(most, 1, 3 * settings.Buffer);
    }

    [Fact]
    public async Task A_client_that_updates_keys_without_end_and_says_nothing_is_ended()
    {
        await using var gateway = await NativeGateway.StartAsync();
        using var client = new OpenSslClient(gateway.Address);
        Assert.Equal(1, await client.HandshakeAsync());
        using var backend = await gateway.AcceptBackendAsync();

        await client.UpdateKeysAsync(100_000);

        Assert.Equal(CloseReason.ClientReset, await gateway.EndAsync());
        Assert.Equal("", await backend.ReceiveToEndAsync());
    }

    [Fact]
    public async Task What_a_client_sends_before_a_slow_backend_is_there_is_not_lost_nor_is_its_end()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var connects = new TaskCompletionSource();
        gateway.BackendMayConnect = connects.Task;
        var text = new string('y', 100_000);
        await using var client = await gateway.SecureClientAsync();
        Assert.True(await gateway.WantsBackend.WaitAsync(NativeGateway.Patience));
        await client.WriteTextAsync(text);
        await client.ShutdownAsync();
        connects.SetResult();

        using var backend = await gateway.AcceptBackendAsync();

        Assert.Equal(text, await backend.ReceiveToEndAsync());
        backend.Close();
        Assert.Equal(CloseReason.ClientClosed, await gateway.EndAsync());
    }

    [Fact]
    public async Task What_comes_in_one_segment_with_the_clients_finished_is_not_lost()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var connects = new TaskCompletionSource();
        gateway.BackendMayConnect = connects.Task;
        var holding = default(HoldingStream);
        var authenticating = gateway.SecureClientAsync(SslProtocols.Tls13, stream => holding = new HoldingStream(stream));
        await using var client = await authenticating;
        await client.WriteTextAsync("early");
        await holding!.ReleaseAsync();
        Assert.True(await gateway.WantsBackend.WaitAsync(NativeGateway.Patience));
        connects.SetResult();

        using var backend = await gateway.AcceptBackendAsync();

        Assert.Equal("early", await backend.ReceiveTextAsync(5));
    }

    [Fact]
    public async Task Data_and_end_of_a_backend_in_one_wake_up_both_reach_the_client()
    {
        await using var gateway = await NativeGateway.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            await using var client = await gateway.SecureClientAsync();
            using var backend = await gateway.AcceptBackendAsync();
            await backend.SendTextAsync("last words");
            backend.Close();

            Assert.Equal("last words", await client.ReadToEndAsync());
            await client.DisposeAsync();
            Assert.Equal(CloseReason.Completed, await gateway.EndAsync());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_ended_its_half_still_gets_the_answer(bool closeNotify)
    {
        await using var gateway = await NativeGateway.StartAsync();
        var socket = default(NetworkStream);
        await using var client = await gateway.SecureClientAsync(over: stream => socket = (NetworkStream)stream);
        using var backend = await gateway.AcceptBackendAsync();
        await client.WriteTextAsync("question");
        if (closeNotify)
        {
            await client.ShutdownAsync();
        }

        socket!.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("question", await backend.ReceiveToEndAsync());
        await backend.SendTextAsync("answer");
        backend.Close();

        Assert.Equal("answer", await client.ReadToEndAsync());
        Assert.Equal(CloseReason.ClientClosed, await gateway.EndAsync());
    }

    [Theory]
    [InlineData(true, 4096)]
    [InlineData(true, 1_000_000)]
    [InlineData(false, 4096)]
    [InlineData(false, 1_000_000)]
    public async Task Many_bytes_arrive_as_they_were_sent_with_either_side_slower(bool up, int readSize)
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        await using var backendStream = new NetworkStream(backend);
        Stream from = up ? client : backendStream;
        Stream to = up ? backendStream : client;
        var bytes = RandomNumberGenerator.GetBytes(16_000_000);

        var sending = from.WriteAsync(bytes).AsTask();
        // The reader begins once all buffers on the way must be full.
        await Task.WhenAny(sending, to.ReadAsync(Memory<byte>.Empty).AsTask());
        var received = new byte[bytes.Length];
        for (var at = 0; at < received.Length;)
        {
            at += await to.ReadAsync(received.AsMemory(at, Math.Min(readSize, received.Length - at))).AsTask().WaitAsync(NativeGateway.Patience);
        }

        await sending.WaitAsync(NativeGateway.Patience);
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(received));
    }

    [Fact]
    public async Task Both_directions_full_at_once_do_not_stop_each_other()
    {
        await using var gateway = await NativeGateway.StartAsync(settings: new NativeSettings { Loops = 2 });
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        await using var backendStream = new NetworkStream(backend);
        var bytes = RandomNumberGenerator.GetBytes(8_000_000);
        var up = new byte[bytes.Length];
        var down = new byte[bytes.Length];

        await Task.WhenAll(
            client.WriteAsync(bytes).AsTask(),
            backendStream.WriteAsync(bytes).AsTask(),
            client.ReadExactlyAsync(down).AsTask(),
            backendStream.ReadExactlyAsync(up).AsTask()).WaitAsync(NativeGateway.Patience);

        Assert.True(bytes.AsSpan().SequenceEqual(up));
        Assert.True(bytes.AsSpan().SequenceEqual(down));
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_given_up_after_the_deadline()
    {
        await using var gateway = await NativeGateway.StartAsync(
            timeouts: new TimeoutSettings { Relay = TimeSpan.FromMinutes(1), Write = TimeSpan.FromMilliseconds(300) });
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        var sending = backend.SendAsync(new byte[64_000_000]);

        Assert.Equal(CloseReason.ClientStalled, await gateway.EndAsync());
        await Assert.ThrowsAsync<SocketException>(() => sending.WaitAsync(NativeGateway.Patience));
    }

    [Fact]
    public async Task A_session_that_drains_says_close_notify_to_its_client()
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        await backend.SendTextAsync("hello");
        Assert.Equal("hello", await client.ReadTextAsync(5));

        gateway.Latest!.Post(Signal.Drain);

        Assert.Equal("", await client.ReadToEndAsync());
        await client.DisposeAsync();
        Assert.Equal(CloseReason.Drained, await gateway.EndAsync());
        Assert.Equal("", await backend.ReceiveToEndAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_are_updated_in_the_middle_of_a_session(bool ask)
    {
        await using var gateway = await NativeGateway.StartAsync();
        using var client = new OpenSslClient(gateway.Address);
        Assert.Equal(1, await client.HandshakeAsync());
        using var backend = await gateway.AcceptBackendAsync();
        for (var i = 0; i < 3; i++)
        {
            client.UpdateKey(ask);
            await client.SendAsync("ping");
            Assert.Equal("ping", await backend.ReceiveTextAsync(4));
            await backend.SendTextAsync("pong");
            Assert.Equal("pong", await client.ReceiveAsync(4));
        }
    }
}
