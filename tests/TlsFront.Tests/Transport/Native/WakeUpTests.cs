using System.Net.Sockets;
using TlsFront.Connections;

namespace TlsFront.Tests.Transport.Native;

/// <summary>
/// Several things that reach the loop in one wake-up, because it was held meanwhile.
/// Every test also asserts, at its end, that no native object is left.
/// </summary>
public sealed class WakeUpTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Data_and_end_of_a_client(bool closeNotify)
    {
        await using var gateway = await NativeGateway.StartAsync();
        var socket = default(NetworkStream);
        await using var client = await gateway.SecureClientAsync(over: stream => socket = (NetworkStream)stream);
        using var backend = await SettledAsync(gateway, client);
        using (await LoopGate.CloseAsync(gateway))
        {
            await client.WriteTextAsync("last words");
            if (closeNotify)
            {
                await client.ShutdownAsync();
            }

            socket!.Socket.Shutdown(SocketShutdown.Send);
        }

        Assert.Equal("last words", await backend.ReceiveToEndAsync());
        await backend.SendTextAsync("answer");
        backend.Close();
        Assert.Equal("answer", await client.ReadToEndAsync());
        Assert.Equal(CloseReason.ClientClosed, await gateway.EndAsync());
    }

    [Fact]
    public async Task Data_and_end_of_a_backend()
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using var client = await gateway.SecureClientAsync();
        using var backend = await SettledAsync(gateway, client);
        using (await LoopGate.CloseAsync(gateway))
        {
            await backend.SendTextAsync("last words");
            backend.Close();
        }

        Assert.Equal("last words", await client.ReadToEndAsync());
        await client.DisposeAsync();
        Assert.Equal(CloseReason.Completed, await gateway.EndAsync());
    }

    [Fact]
    public async Task The_ends_of_both()
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using var client = await gateway.SecureClientAsync();
        using var backend = await SettledAsync(gateway, client);
        using (await LoopGate.CloseAsync(gateway))
        {
            await client.DisposeAsync();
            backend.Close();
        }

        Assert.Equal(CloseReason.ClientClosed, await gateway.EndAsync());
    }

    [Fact]
    public async Task The_resets_of_both()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var socket = default(NetworkStream);
        await using var client = await gateway.SecureClientAsync(over: stream => socket = (NetworkStream)stream);
        using var backend = await SettledAsync(gateway, client);
        using (await LoopGate.CloseAsync(gateway))
        {
            socket!.Socket.Reset();
            backend.Reset();
        }

        Assert.Equal(CloseReason.ClientReset, await gateway.EndAsync());
    }

    [Fact]
    public async Task Data_and_reset_of_a_client()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var socket = default(NetworkStream);
        await using var client = await gateway.SecureClientAsync(over: stream => socket = (NetworkStream)stream);
        using var backend = await SettledAsync(gateway, client);
        using (await LoopGate.CloseAsync(gateway))
        {
            await client.WriteTextAsync("last words");
            socket!.Socket.Reset();
        }

        Assert.Equal(CloseReason.ClientReset, await gateway.EndAsync());
        await backend.ReceiveToEndAsync();
    }

    [Fact]
    public async Task The_backends_arrival_and_its_reset()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var connects = new TaskCompletionSource();
        gateway.BackendMayConnect = connects.Task;
        await using var client = await gateway.SecureClientAsync();
        Assert.True(await gateway.WantsBackend.WaitAsync(NativeGateway.Patience));
        using (await LoopGate.CloseAsync(gateway))
        {
            connects.SetResult();
            using var backend = await gateway.AcceptBackendAsync();
            backend.Reset();
        }

        Assert.Equal("", await client.ReadToEndAsync());
        await client.DisposeAsync();
        Assert.Equal(CloseReason.BackendReset, await gateway.EndAsync());
    }

    [Fact]
    public async Task A_goodbye_and_the_clients_reset()
    {
        await using var gateway = await NativeGateway.StartAsync(() => new LineMachine());
        var socket = default(NetworkStream);
        await using var client = await gateway.SecureClientAsync(over: stream => socket = (NetworkStream)stream);
        using var backend = await gateway.AcceptBackendAsync();
        await client.WriteTextAsync("x\n");
        Assert.Equal("x\n", await backend.ReceiveTextAsync(2));
        using (await LoopGate.CloseAsync(gateway))
        {
            await client.WriteTextAsync("bye\n");
            socket!.Socket.Reset();
        }

        // Whichever the loop sees first is right; it must be one of them, and at once.
        Assert.Contains(await gateway.EndAsync(), new[] { CloseReason.Completed, CloseReason.ClientReset });
        await backend.ReceiveToEndAsync();
    }

    /// <summary>The backend of a session that is sure to be in its relay.</summary>
    private static async Task<Socket> SettledAsync(NativeGateway gateway, Stream client)
    {
        var backend = await gateway.AcceptBackendAsync();
        await client.WriteTextAsync("x");
        Assert.Equal("x", await backend.ReceiveTextAsync(1));
        return backend;
    }
}
