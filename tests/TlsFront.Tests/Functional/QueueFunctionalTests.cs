using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Gateway;
using TlsFront.Tests.Telemetry;
using TlsFront.Tests.Transport.Managed;

namespace TlsFront.Tests.Functional;

/// <summary>Clients that leave while their session waits for a place at the backend, on real sockets and both engines.</summary>
public sealed class QueueFunctionalTests
{
    private const string Ready = "* OK ready\r\n";

    public enum Departure
    {
        Close,
        Reset,
        HalfClose,
    }

    [Theory]
    [InlineData(EngineChoice.Managed, Departure.Close)]
    [InlineData(EngineChoice.Managed, Departure.Reset)]
    [InlineData(EngineChoice.Managed, Departure.HalfClose)]
    [InlineData(EngineChoice.Native, Departure.Close)]
    [InlineData(EngineChoice.Native, Departure.Reset)]
    [InlineData(EngineChoice.Native, Departure.HalfClose)]
    public async Task A_client_that_leaves_gives_its_place_in_the_queue_to_another(object engine, Departure departure)
    {
        await using var backend = Greeting();
        await using var gateway = await StartAsync((EngineChoice)engine, backend);
        var pool = gateway.Host.Services.GetRequiredService<BackendPools>().Of("dovecot-imap");
        await using var first = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps"));
        await first.ExpectAsync(Ready);

        var stream = await EngineGateway.ConnectAsync(gateway, "imaps");
        await using var leaving = await TestClient.HandshakeAsync(stream);
        await WaitingAsync(pool, 1);
        Leave(stream.Socket, departure);
        Assert.Equal("queue_client_left", await gateway.Ends.NextAsync());
        Assert.Equal(0, pool.Waiting);

        await using var next = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps"));
        await WaitingAsync(pool, 1);
        await first.DisposeAsync();
        await next.ExpectAsync(Ready);
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_client_that_left_before_it_would_wait_does_not(object engine)
    {
        await using var backend = Greeting();
        await using var gateway = await StartAsync((EngineChoice)engine, backend);
        await using var first = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps"));
        await first.ExpectAsync(Ready);

        var stream = await EngineGateway.ConnectAsync(gateway, "imaps");
        await using var leaving = await TestClient.HandshakeAsync(stream);
        stream.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("queue_client_left", await gateway.Ends.NextAsync());
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task Who_waits_when_everything_must_end_is_no_sign_of_a_busy_backend(object engine)
    {
        await using var backend = Greeting();
        await using var gateway = await StartAsync((EngineChoice)engine, backend);
        var pool = gateway.Host.Services.GetRequiredService<BackendPools>().Of("dovecot-imap");
        await using var first = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps"));
        await first.ExpectAsync(Ready);
        await using var waiting = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps"));
        await WaitingAsync(pool, 1);

        gateway.Host.Services.GetRequiredService<SessionRegistry>().AbortAll();
        Assert.Equal("aborted", await gateway.Ends.NextAsync());
        Assert.Equal("aborted", await gateway.Ends.NextAsync());
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task What_is_no_mail_protocol_may_have_said_all_and_wait_for_the_answer(object engine)
    {
        await using var backend = new SocketBackend(static async (peer, socket) =>
        {
            await peer.SendAsync($"got {await peer.ReadToEndAsync()}");
            socket.Shutdown(SocketShutdown.Send);
        });
        await using var gateway = await StartAsync((EngineChoice)engine, backend);
        var pool = gateway.Host.Services.GetRequiredService<BackendPools>().Of("echo");
        await using var first = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "echo"));
        await SessionsAsync(pool, backend);
        var stream = await EngineGateway.ConnectAsync(gateway, "echo");
        await using var second = await TestClient.HandshakeAsync(stream);
        await second.SendAsync("this");
        stream.Socket.Shutdown(SocketShutdown.Send);
        await WaitingAsync(pool, 1);

        // The queue is full; that this one is told so comes after the end of the other was seen.
        await using (await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "echo")))
        {
            Assert.Equal("backend_busy", await gateway.Ends.NextAsync());
        }

        await first.DisposeAsync();
        Assert.Equal("got this", await second.ReadToEndAsync());
    }

    /// <summary>A server that greets, and serves until its client ends.</summary>
    private static SocketBackend Greeting() => new(static async (peer, _) =>
    {
        await peer.SendAsync(Ready);
        await peer.ReadToEndAsync();
    });

    internal static void Leave(Socket socket, Departure departure)
    {
        switch (departure)
        {
            case Departure.Close:
                socket.Close();
                break;
            case Departure.Reset:
                SocketBackend.Reset(socket);
                break;
            default:
                socket.Shutdown(SocketShutdown.Send);
                break;
        }
    }

    private static Task WaitingAsync(BackendPool pool, int count) => UntilAsync(() => pool.Waiting == count);

    private static Task SessionsAsync(BackendPool pool, SocketBackend backend) => UntilAsync(() => pool.Get(backend.Destination).Sessions == 1);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    /// <summary>One session at a time, and one more that may wait, for longer than any test does.</summary>
    private static Task<TestGateway> StartAsync(EngineChoice engine, SocketBackend backend) =>
        EngineGateway.StartAsync(engine, backend, settings => settings with
        {
            Backends =
            [
                .. settings.Backends.Select(backend => backend with { MaxSessions = 1, Queue = new QueueSettings(1, TimeSpan.FromMinutes(5)) }),
            ],
            Timeouts = settings.Timeouts with { Connect = TimeSpan.FromMinutes(5) },
        });
}
