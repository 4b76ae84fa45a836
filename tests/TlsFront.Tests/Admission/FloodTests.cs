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

namespace TlsFront.Tests.Admission;

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
        await SurviveAsync(
            (EngineChoice)engine, limits, held: false,
            new() { ["limit_connection_rate"] = Connections - (2 * Attackers), ["tls_client_left"] = 2 * Attackers });
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task One_that_holds_connections_gets_no_more_than_its_share(object engine)
    {
        var limits = new LimitSettings { ConnectionsPerClient = 5, Exempt = NetworkSet.Of([IPNetwork.Parse("127.0.0.1/32")]) };
        await SurviveAsync(
            (EngineChoice)engine, limits, held: true,
            new() { ["limit_client_connections"] = Connections - (5 * Attackers), ["tls_client_left"] = 5 * Attackers });
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task When_all_connections_are_used_those_that_have_one_keep_it(object engine)
    {
        var limits = new LimitSettings { Connections = Sessions };
        await SurviveAsync((EngineChoice)engine, limits, held: false, new() { ["limit_connections"] = Connections });
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task Under_one_and_the_same_limit_a_flood_is_refused_as_often_as_it_is_counted_and_nobody_else_is(object engine)
    {
        // Nobody is exempt: each address has 60 at once, and 100 in an hour.
        const int AtOnce = 60, AnHour = 100, Flood = 600;
        var limits = new LimitSettings { ConnectionsPerClient = AtOnce, ConnectionRate = new(AnHour, TimeSpan.FromHours(1)) };
        await using var backend = Echo();
        await using var gateway = await StartAsync((EngineChoice)engine, backend, limits);
        using var ends = Ends(gateway);
        var address = (IPEndPoint)gateway.Host.MailAddresses["echo"];
        var sessions = await SessionsAsync(address);
        await EchoAsync(sessions, "before");

        // Every other one shakes hands and talks, the rest says nothing; all hold on to what they get.
        var sockets = new ConcurrentBag<Socket>();
        var (served, refused, isClosing) = (0, 0, false);
        async Task CountAsync(Task<bool> outcome)
        {
            var isServed = await outcome;
            if (Volatile.Read(ref isClosing))
            {
                // The test's own end of it, which a pending receive may take for a reset.
                return;
            }

            if (isServed)
            {
                Interlocked.Increment(ref served);
            }
            else
            {
                Interlocked.Increment(ref refused);
            }
        }

        var flood = Parallel.ForAsync(0, Flood, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, stop) =>
        {
            var socket = await ConnectAsync("127.0.0.2", address);
            sockets.Add(socket);
            _ = CountAsync(i % 2 == 0 ? TalkAsync(socket) : ListenAsync(socket));
        });
        while (!flood.IsCompleted)
        {
            await EchoAsync(sessions, "during");
        }

        await flood;
        await CountedAsync(ends, "limit_connection_rate", Flood - AnHour);
        await CountedAsync(ends, "limit_client_connections", AnHour - AtOnce);
        using (var patience = new CancellationTokenSource(TestClient.Patience))
        {
            while (Volatile.Read(ref refused) < Flood - AtOnce)
            {
                await Task.Delay(10, patience.Token);
            }
        }

        await EchoAsync(sessions, "after");
        Volatile.Write(ref isClosing, true);
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }

        foreach (var session in sessions)
        {
            await session.DisposeAsync();
        }

        using (var patience = new CancellationTokenSource(TestClient.Patience))
        {
            while (ends.GetMeasurementSnapshot().Count < Flood + Sessions)
            {
                await Task.Delay(10, patience.Token);
            }
        }

        // Both sides counted the same, and of those that were let in none met a limit.
        Assert.Equal(Flood - AtOnce, refused);
        Assert.InRange(served, 1, AtOnce);
        Assert.Equal(
            Flood - AtOnce,
            ends.GetMeasurementSnapshot().Count(
                end => end.Tags.GetValueOrDefault("error.type") is string reason && reason.StartsWith("limit_", StringComparison.Ordinal)));
        Assert.Equal(Flood + Sessions, ends.GetMeasurementSnapshot().Count);
    }

    /// <summary>Whether the gateway serves it.</summary>
    private static async Task<bool> TalkAsync(Socket socket)
    {
        try
        {
            var client = await TestClient.HandshakeAsync(new NetworkStream(socket, ownsSocket: true));
            await client.SendAsync("flood\n");
            await client.ExpectAsync("flood\n");
            return true;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Waits for the end, which the gateway sets to what it refuses at once; never ends for what it admits, until the test does.</summary>
    private static async Task<bool> ListenAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]) > 0;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed by the test: it was admitted and said nothing.
            await Task.Delay(Timeout.Infinite);
            return true;
        }
    }

    private static async Task SurviveAsync(EngineChoice engine, LimitSettings limits, bool held, Dictionary<string, int> expected)
    {
        await using var backend = Echo();
        await using var gateway = await StartAsync(engine, backend, limits);
        using var ends = Ends(gateway);
        var address = (IPEndPoint)gateway.Host.MailAddresses["echo"];
        var sessions = await SessionsAsync(address);
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

    private static SocketBackend Echo() => new(static async (peer, socket) =>
    {
        using (socket)
        {
            while (true)
            {
                await peer.SendAsync(await peer.ExpectAsync("\n"));
            }
        }
    });

    private static MetricCollector<double> Ends(TestGateway gateway) => new(
        gateway.Host.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), TlsFrontMetrics.MeterName,
        "tlsfront.connection.duration");

    private static async Task<List<TestClient>> SessionsAsync(IPEndPoint address)
    {
        var sessions = new List<TestClient>();
        for (var i = 0; i < Sessions; i++)
        {
            sessions.Add(await TestClient.HandshakeAsync(new NetworkStream(await ConnectAsync("127.0.0.1", address), ownsSocket: true)));
        }

        return sessions;
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
            Backends =
            [
                .. settings.Backends.Select(
                    settings => settings with { Destinations = [backend.Destination], ProxyProtocol = ProxyHeaderVersion.None })
            ],
        },
        services => services.AddSingleton(provider => EngineSelection.Create(
            engine, new NativeSettings(), null, provider.GetRequiredService<IMemoryPoolFactory<byte>>(), TimeProvider.System,
            provider.GetRequiredService<ILoggerFactory>())));
}
