using System.Net.Sockets;
using System.Text;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Transport.Native;

/// <summary>Sessions with a machine in the loop. Every test also asserts, at its end, that no native object is left.</summary>
public sealed class MachineSessionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100_000)]
    public async Task Lines_reach_the_machine_whole_however_they_are_cut(int size)
    {
        await using var gateway = await NativeGateway.StartAsync(() => new LineMachine());
        await using var client = await gateway.SecureClientAsync(over: stream => new ChoppingStream(stream, size));
        using var backend = await gateway.AcceptBackendAsync();
        await client.WriteTextAsync("one\nno\ntwo\nthr");
        Assert.Equal("one\ntwo\n", await backend.ReceiveTextAsync(8));
        Assert.Equal("refused\n", await client.ReadTextAsync(8));
        await client.WriteTextAsync("ee\n");
        Assert.Equal("three\n", await backend.ReceiveTextAsync(6));
    }

    [Fact]
    public async Task What_is_held_back_waits_for_the_backend_and_loses_nothing()
    {
        await using var gateway = await NativeGateway.StartAsync(() => new LineMachine());
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        var lines = string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"line {i}\n"));
        var sending = client.WriteTextAsync("hold\n" + lines);
        Assert.Equal("hold\n", await backend.ReceiveTextAsync(5));
        await backend.SendTextAsync("go on\n");

        Assert.Equal("go on\n", await client.ReadTextAsync(6));
        Assert.Equal(lines, await backend.ReceiveTextAsync(lines.Length));
        await sending;
    }

    [Fact]
    public async Task Bytes_behind_the_line_that_ends_the_dialogue_are_relayed_in_order()
    {
        await using var gateway = await NativeGateway.StartAsync(() => new LineMachine());
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        var rest = new string('z', 200_000);
        await client.WriteTextAsync("go\n" + rest);
        Assert.Equal("go\n" + rest, await backend.ReceiveTextAsync(3 + rest.Length));
        await backend.SendTextAsync("no line");
        Assert.Equal("no line", await client.ReadTextAsync(7));
    }

    [Fact]
    public async Task The_goodbye_reaches_a_client_that_is_still_sending()
    {
        await using var gateway = await NativeGateway.StartAsync(() => new LineMachine());
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        await client.WriteTextAsync("bye\n" + new string('x', 50_000));

        Assert.Equal("bye\n", await client.ReadToEndAsync());
        await client.DisposeAsync();
        Assert.Equal(CloseReason.Completed, await gateway.EndAsync());
    }

    [Fact]
    public async Task A_flood_of_refusals_nobody_reads_grows_nothing_and_ends_by_its_deadline()
    {
        await using var gateway = await NativeGateway.StartAsync(
            () => new LineMachine(), new TimeoutSettings { Write = TimeSpan.FromMilliseconds(300) });
        var socket = default(NetworkStream);
        await using var client = await gateway.SecureClientAsync(over: stream => socket = (NetworkStream)stream);
        using var backend = await gateway.AcceptBackendAsync();
        var flood = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("no\n", 300_000)));
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await client.WriteAsync(flood);
            }
        });

        Assert.Equal(CloseReason.ClientStalled, await gateway.EndAsync());
        socket!.Socket.Reset();
        await Assert.ThrowsAnyAsync<Exception>(() => sending.WaitAsync(NativeGateway.Patience));
    }

    [Fact]
    public async Task A_line_without_end_closes_the_session()
    {
        await using var gateway = await NativeGateway.StartAsync(
            () => new LineMachine(), new TimeoutSettings { Linger = TimeSpan.FromMilliseconds(100) });
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        await client.WriteTextAsync(new string('x', MailMachine.MaxCarry));

        Assert.Equal("", await client.ReadToEndAsync());
        Assert.Equal(CloseReason.LineTooLong, await gateway.EndAsync());
    }

    [Fact]
    public async Task The_machine_is_told_of_the_end_only_behind_the_last_line()
    {
        await using var gateway = await NativeGateway.StartAsync(() => new LineMachine());
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        await client.WriteTextAsync("last\nrest");
        await client.ShutdownAsync();

        Assert.Equal("last\n", await backend.ReceiveToEndAsync());
        await client.DisposeAsync();
        Assert.Equal(CloseReason.ClientClosed, await gateway.EndAsync());
    }

    [Fact]
    public async Task A_backend_that_ends_gives_the_client_its_last_line_first()
    {
        await using var gateway = await NativeGateway.StartAsync(() => new LineMachine());
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        await backend.SendTextAsync("closing\n");
        backend.Close();

        Assert.Equal("closing\n", await client.ReadToEndAsync());
        await client.DisposeAsync();
        Assert.Equal(CloseReason.BackendClosed, await gateway.EndAsync());
    }

    [Fact]
    public async Task Silence_expires()
    {
        await using var gateway = await NativeGateway.StartAsync(
            () => new LineMachine(), new TimeoutSettings { Command = TimeSpan.FromMilliseconds(200) });
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();

        Assert.Equal("too slow\n", await client.ReadToEndAsync());
        await client.DisposeAsync();
        Assert.Equal(CloseReason.ClientIdle, await gateway.EndAsync());
    }

    [Fact]
    public async Task A_drain_reaches_the_machine_from_any_thread()
    {
        await using var gateway = await NativeGateway.StartAsync(() => new LineMachine());
        await using var client = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        await client.WriteTextAsync("x\n");
        Assert.Equal("x\n", await backend.ReceiveTextAsync(2));

        gateway.Latest!.Post(Signal.Drain);

        Assert.Equal("shutting down\n", await client.ReadToEndAsync());
        await client.DisposeAsync();
        Assert.Equal(CloseReason.Drained, await gateway.EndAsync());
    }

    [Fact]
    public async Task A_machine_that_throws_ends_its_own_session_only()
    {
        await using var gateway = await NativeGateway.StartAsync(() => new LineMachine());
        await using var good = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        await using var bad = await gateway.SecureClientAsync();
        using var other = await gateway.AcceptBackendAsync();
        await bad.WriteTextAsync("throw\n");

        Assert.IsType<InvalidOperationException>(await gateway.FailureAsync());
        Assert.Equal("", await other.ReceiveToEndAsync());
        await good.WriteTextAsync("x\n");
        Assert.Equal("x\n", await backend.ReceiveTextAsync(2));
    }
}
