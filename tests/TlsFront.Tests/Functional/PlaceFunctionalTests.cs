using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using TlsFront.Configuration;
using TlsFront.Telemetry;
using TlsFront.Tests.Telemetry;
using TlsFront.Tests.Transport.Managed;

namespace TlsFront.Tests.Functional;

/// <summary>Places: a listener's own limit of connections, and how long a session keeps its place at a destination.</summary>
public sealed class PlaceFunctionalTests
{
    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_listener_whose_backend_hangs_takes_no_more_than_its_places(object engine)
    {
        await using var backend = new SocketBackend(static (peer, _) => peer.ReadToEndAsync());
        await using var gateway = await EngineGateway.StartAsync((EngineChoice)engine, backend, static settings => settings with
        {
            Listeners =
            [
                .. settings.Listeners.Select(
                    static listener => listener.Name == "imaps" ? listener with { Limits = new() { Connections = 1 } } : listener)
            ],
        });
        using var ends = new MetricCollector<double>(
            gateway.Host.Services.GetRequiredService<IMeterFactory>(), TlsFrontMetrics.MeterName, "tlsfront.connection.duration");
        await using (await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps")))
        {
            await using var second = await EngineGateway.ConnectAsync(gateway, "imaps");
            Assert.Equal(0, await second.ReadAsync(new byte[1]));
            Assert.Equal("limit_listener_connections", Assert.Single(ends.GetMeasurementSnapshot()).Tags["error.type"]);
            await using var other = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "echo"));
        }
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_client_that_does_not_leave_after_the_goodbye_keeps_no_place_at_the_backend(object engine)
    {
        await using var backend = EngineGateway.Imap();
        await using var gateway = await EngineGateway.StartAsync((EngineChoice)engine, backend, static settings => settings with
        {
            Timeouts = settings.Timeouts with { Linger = TimeSpan.FromHours(1) },
            Backends =
            [
                .. settings.Backends.Select(static settings => settings with { MaxSessions = 1, Queue = new QueueSettings(1, TestClient.Patience) })
            ],
        });
        await using var lingering = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps"));
        await lingering.ExpectAsync("* OK ready\r\n");
        await lingering.SendAsync("a LOGIN demo secret\r\n");
        await lingering.ExpectAsync("a OK in\r\n");
        await lingering.SendAsync("b LOGOUT\r\n");
        await lingering.ReadToEndAsync();

        await using var next = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps"));
        await next.ExpectAsync("* OK ready\r\n");
    }
}
