using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.ProxyProtocol;
using TlsFront.Telemetry;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Transport.Managed;
using TlsFront.Transport;

namespace TlsFront.Tests.Policies;

/// <summary>Floods on real sockets, on both engines, while fifty sessions go on as if nothing were.</summary>
public sealed class FloodTests
{
    private const int Sessions = 50;
    private const int Attackers = 20;
    private const int Connections = 2000;

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task One_that_connects_too_fast_is_refused_and_the_others_go_on(object engine)
    {
        var limits = new LimitSettings { ConnectionRate = new(2, TimeSpan.FromHours(1)), Exempt = NetworkSet.Of([IPNetwork.Parse("127.0.0.1/32")]) };
        await SurviveAsync((EngineChoice)engine, limits, held: false, new() { ["limit_connection_rate"] = Connections - (2 * Attackers), ["tls_client_left"] = 2 * Attackers });
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task One_that_holds_connections_gets_no_more_than_its_share(object engine)
    {
        var limits = new LimitSettings { ConnectionsPerClient = 5, Exempt = NetworkSet.Of([IPNetwork.Parse("127.0.0.1/32")]) };
        await SurviveAsync((EngineChoice)engine, limits, held: true, new() { ["limit_client_connections"] = Connections - (5 * Attackers), ["tls_client_left"] = 5 * Attackers });
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task When_all_connections_are_used_those_that_have_one_keep_it(object engine)
    {
        var limits = new LimitSettings { Connections = Sessions };
        await SurviveAsync((EngineChoice)engine, limits, held: false, new() { ["limit_connections"] = Connections });
    }

    private static async Task SurviveAsync(EngineChoice engine, LimitSettings limits, bool held, Dictionary<string, int> expected)
    {
        await using var backend = new SocketBackend(static async (peer, _) =>
        {
            while (true)
            {
                await peer.SendAsync(await peer.ExpectAsync("\n"));
            }
        });
        await using var gateway = await StartAsync(engine, backend, limits);
        using var ends = new MetricCollector<double>(
            gateway.Host.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), TlsFrontMetrics.MeterName, "tlsfront.connection.duration");
        var address = (IPEndPoint)gateway.Host.MailAddresses["echo"];
        var sessions = new List<TestClient>();
        for (var i = 0; i < Sessions; i++)
        {
            sessions.Add(await TestClient.HandshakeAsync(new NetworkStream(await ConnectAsync("127.0.0.1", address), ownsSocket: true)));
        }

        await EchoAsync(sessions, "before");
        var sockets = new ConcurrentBag<Socket>();
        var flood = Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            var socket = await ConnectAsync($"127.66.0.{1 + (i % Attackers)}", address);
            sockets.Add(socket);
            if (!held)
            {
                socket.Dispose();
            }
        });
        while (!flood.IsCompleted)
        {
            await EchoAsync(sessions, "during");
        }

        await flood;
        await EchoAsync(sessions, "after");
        foreach (var refusal in expected.Where(reason => reason.Key != "tls_client_left"))
        {
            await CountedAsync(ends, refusal.Key, refusal.Value);
        }

        foreach (var socket in sockets)
        {
            socket.Dispose();
        }

        foreach (var (reason, count) in expected)
        {
            await CountedAsync(ends, reason, count);
        }

        Assert.Equal(Connections, ends.GetMeasurementSnapshot().Count);
        await EchoAsync(sessions, "at last");
        foreach (var session in sessions)
        {
            await session.DisposeAsync();
        }
    }

    private static async Task EchoAsync(List<TestClient> sessions, string text)
    {
        foreach (var session in sessions)
        {
            await session.SendAsync(text + "\n");
        }

        foreach (var session in sessions)
        {
            await session.ExpectAsync(text + "\n");
        }
    }

    private static async Task CountedAsync(MetricCollector<double> ends, string reason, int count)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        int found;
        while ((found = ends.GetMeasurementSnapshot().Count(end => reason.Equals(end.Tags.GetValueOrDefault("error.type")))) != count)
        {
            Assert.True(found < count && !patience.IsCancellationRequested, $"{found} connections ended with {reason}, and not {count}");
            await Task.Delay(10);
        }
    }

    private static async Task<Socket> ConnectAsync(string from, IPEndPoint to)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(to).WaitAsync(TestClient.Patience);
        return socket;
    }

    private static Task<TestGateway> StartAsync(EngineChoice engine, SocketBackend backend, LimitSettings limits) => TestGateway.StartAsync(
        settings => settings with
        {
            Limits = limits,
            Backends = [.. settings.Backends.Select(settings => settings with { Destinations = [backend.Destination], ProxyProtocol = ProxyHeaderVersion.None })],
        },
        services => services.AddSingleton(provider => EngineSelection.Create(
            engine, new NativeSettings(), null, provider.GetRequiredService<IMemoryPoolFactory<byte>>(), TimeProvider.System, provider.GetRequiredService<ILoggerFactory>())));
}
