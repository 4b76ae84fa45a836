using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Configuration;
using TlsFront.Routing;
using TlsFront.Tests.Telemetry;
using TlsFront.Tests.Transport.Managed;

namespace TlsFront.Tests.Functional;

/// <summary>Held logins on real sockets and both engines.</summary>
public sealed class UserHoldEngineTests
{
    [Theory]
    [InlineData(EngineChoice.Managed, QueueFunctionalTests.Departure.Close)]
    [InlineData(EngineChoice.Managed, QueueFunctionalTests.Departure.Reset)]
    [InlineData(EngineChoice.Managed, QueueFunctionalTests.Departure.HalfClose)]
    [InlineData(EngineChoice.Native, QueueFunctionalTests.Departure.Close)]
    [InlineData(EngineChoice.Native, QueueFunctionalTests.Departure.Reset)]
    [InlineData(EngineChoice.Native, QueueFunctionalTests.Departure.HalfClose)]
    public async Task A_client_that_leaves_waits_no_longer_and_another_goes_on(object engine, QueueFunctionalTests.Departure departure)
    {
        await using var backend = new SocketBackend(static async (peer, _) =>
        {
            await peer.SendAsync("* OK ready\r\n");
            await peer.ExpectAsync("a LOGIN bob secret\r\n");
            await peer.SendAsync("a OK in\r\n");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await EngineGateway.StartAsync((EngineChoice)engine, backend, static settings => settings with
        {
            Backends = [.. settings.Backends.Select(static backend => backend with { Stickiness = Stickiness.User })],
        });
        var overrides = gateway.Host.Services.GetRequiredService<UserOverrides>();
        overrides.Hold("bob", UserOverrides.LongestHold);

        var stream = await EngineGateway.ConnectAsync(gateway, "imaps");
        await using var leaving = await LoginAsync(stream);
        await WaitingAsync(overrides, 1);
        QueueFunctionalTests.Leave(stream.Socket, departure);
        Assert.Equal("queue_client_left", await gateway.Ends.NextAsync());
        await WaitingAsync(overrides, 0);

        await using var next = await LoginAsync(await EngineGateway.ConnectAsync(gateway, "imaps"));
        await WaitingAsync(overrides, 1);
        overrides.Release("bob");
        await next.ExpectAsync("a OK ");
    }

    private static async Task<TestClient> LoginAsync(NetworkStream stream)
    {
        var client = await TestClient.HandshakeAsync(stream);
        await client.ExpectAsync(" ready\r\n");
        await client.SendAsync("a LOGIN bob secret\r\n");
        return client;
    }

    private static async Task WaitingAsync(UserOverrides overrides, int count)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (overrides.All.Single().Waiting != count)
        {
            await Task.Delay(1, patience.Token);
        }
    }
}
