using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.Functional;

/// <summary>Which destinations get sessions, by probes and by what sessions saw.</summary>
public sealed class HealthFunctionalTests : IDisposable
{
    private const string First = "192.0.2.1:10465";
    private const string Second = "192.0.2.2:10465";
    private static readonly HealthSettings Probed = new() { Interval = TimeSpan.FromMilliseconds(20), UnhealthyAfter = 2, EjectFor = TimeSpan.Zero };
    private static readonly HealthSettings Unprobed = new() { Interval = TimeSpan.Zero, EjectFor = TimeSpan.FromMinutes(10) };

    private readonly LogTap _log = new("DestinationGone", "DestinationBack");

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_probe_is_a_session_with_nothing_in_it()
    {
        var heard = new TaskCompletionSource<string>();
        await using var gateway = await StartAsync(Probed with { Interval = TimeSpan.FromMinutes(10) }, network => network.Serve(First, async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            var header = await backend.ExpectAsync("\r\n");
            await backend.SendAsync("220-here\r\n220 I am\r\n");
            var goodbye = await backend.ExpectAsync("\r\n");
            await backend.SendAsync("221 bye\r\n");
            await backend.EndAsync();
            heard.SetResult(header + goodbye + await backend.ReadToEndAsync());
        }));
        Assert.Equal("PROXY TCP4 127.0.0.1 127.0.0.1 0 0\r\nQUIT\r\n", await heard.Task.WaitAsync(TestClient.Patience));
    }

    [Fact]
    public async Task A_probe_introduces_the_gateway_where_clients_are_introduced_in_the_dialogue()
    {
        await using var gateway = await StartAsync(
            Probed,
            network =>
            {
                network.Serve(First, pipe => AnswerAsync(pipe, "220 a\r\n", "250-a\r\n250 AUTH PLAIN\r\n", "221 bye\r\n"));
                network.Serve(Second, pipe => AnswerAsync(pipe, "220 b\r\n", "250-b\r\n250 XCLIENT ADDR\r\n", "220 b\r\n", "221 bye\r\n"));
            },
            ClientIdentity.XClient);
        Assert.Equal(
            $"DestinationGone: Backend postfix: destination {First} gets no more sessions, because it does not take the clients' addresses from the "
                + "gateway: 250-a; 1 of 2 left",
            await _log.NextAsync());
    }

    [Theory]
    [InlineData("", "it closed the connection without a greeting")]
    [InlineData("220 he", "it closed the connection without a greeting")]
    [InlineData("421 4.3.2 too busy\r\n", "it greets with a refusal: 421 4.3.2 too busy")]
    [InlineData("* OK here\r\n", "it does not speak SMTP: * OK here")]
    public async Task A_destination_that_fails_probes_gets_no_sessions_until_it_passes_one(string greeting, string reason)
    {
        await using var gateway = await StartAsync(Probed, network =>
        {
            network.Serve(First, pipe => greeting.Length == 0 ? Task.CompletedTask : new ScriptedPeer(pipe).SendAsync(greeting));
            network.Serve(Second, GreetAsync);
        });
        Assert.Equal(
            $"DestinationGone: Backend postfix: destination {First} gets no more sessions, because {reason}; 1 of 2 left", await _log.NextAsync());
        gateway.Network.Serve(First, pipe => GreetAsync(pipe));
        Assert.Equal($"DestinationBack: Backend postfix: destination {First} gets sessions again; 2 of 2 available", await _log.NextAsync());
    }

    [Fact]
    public async Task With_none_left_a_client_is_told_at_once()
    {
        await using var gateway = await StartAsync(Probed, _ => { });
        await _log.NextAsync();
        Assert.Contains("it refuses connections; 0 of 2 left", await _log.NextAsync(), StringComparison.Ordinal);
        await using var client = await gateway.ConnectAsync("submissions");
        Assert.StartsWith("421 4.3.2", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("backend_unavailable", await gateway.Ends.NextAsync());
    }

    [Fact]
    public async Task A_hung_destination_delays_readiness_no_longer_than_its_probe()
    {
        await using var gateway = await StartAsync(
            Probed with { Interval = TimeSpan.FromMinutes(10), Timeout = TimeSpan.FromMilliseconds(50) }, network => network.Hang(First));
        Assert.Contains(First, gateway.Network.Connects);
    }

    [Fact]
    public async Task A_destination_that_fails_three_sessions_in_a_row_is_left_alone()
    {
        await using var gateway = await StartAsync(Unprobed, network => network.Serve(Second, GreetAsync));
        await ServedAsync(gateway, 10);
        Assert.Equal(
            $"DestinationGone: Backend postfix: destination {First} gets no more sessions, because it refuses connections; 1 of 2 left",
            await _log.NextAsync());
        gateway.Network.Connects.Clear();
        await ServedAsync(gateway, 5);
        Assert.DoesNotContain(First, gateway.Network.Connects);
    }

    [Fact]
    public async Task It_gets_sessions_again_after_a_while()
    {
        await using var gateway = await StartAsync(
            Unprobed with { EjectFor = TimeSpan.FromMilliseconds(100) }, network => network.Serve(Second, GreetAsync));
        await ServedAsync(gateway, 10);
        Assert.StartsWith("DestinationGone", await _log.NextAsync(), StringComparison.Ordinal);
        Assert.StartsWith("DestinationBack", await _log.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_greeted_starts_the_count_anew()
    {
        await using var gateway = await StartAsync(Unprobed with { UnhealthyAfter = 2 }, network => network.Serve(Second, GreetAsync));
        for (var i = 0; i < 4; i++)
        {
            gateway.Network.Refuse(First);
            await ServedAsync(gateway, 1);
            gateway.Network.Serve(First, GreetAsync);
            await ServedAsync(gateway, 2);
        }

        gateway.Network.Connects.Clear();
        await ServedAsync(gateway, 2);
        Assert.Contains(First, gateway.Network.Connects);
    }

    [Fact]
    public async Task The_last_one_is_never_given_up_by_sessions()
    {
        await using var gateway = await StartAsync(Unprobed with { UnhealthyAfter = 1 }, _ => { });
        for (var i = 0; i < 5; i++)
        {
            await using var client = await gateway.ConnectAsync("submissions");
            Assert.StartsWith("421 4.3.2", await client.ReadToEndAsync(), StringComparison.Ordinal);
            await gateway.Ends.NextAsync();
        }

        gateway.Network.Serve(First, GreetAsync);
        gateway.Network.Serve(Second, GreetAsync);
        await ServedAsync(gateway, 1);
    }

    [Fact]
    public async Task Clients_that_are_refused_cannot_take_a_destination_away()
    {
        await using var gateway = await StartAsync(Unprobed with { UnhealthyAfter = 1 }, network =>
        {
            network.Serve(First, pipe => new ScriptedPeer(pipe).SendAsync("554 5.7.1 not you\r\n"));
            network.Serve(Second, GreetAsync);
        });
        await ServedAsync(gateway, 6);
        gateway.Network.Connects.Clear();
        await ServedAsync(gateway, 2);
        Assert.Contains(First, gateway.Network.Connects);
    }

    [Fact]
    public async Task A_destination_that_closes_before_it_greets_is_to_blame()
    {
        await using var gateway = await StartAsync(Unprobed with { UnhealthyAfter = 1 }, network =>
        {
            network.Serve(First, _ => Task.CompletedTask);
            network.Serve(Second, GreetAsync);
        });
        await ServedAsync(gateway, 2);
        Assert.Contains($"{First} gets no more sessions", await _log.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_a_destination_turns_away_while_it_serves_others_cannot_take_it_away()
    {
        var turnAway = new TaskCompletionSource();
        var (connected, greeted) = (0, 0);
        await using var gateway = await StartAsync(Unprobed with { UnhealthyAfter = 1 }, network =>
        {
            network.Serve(First, async pipe =>
            {
                if (Interlocked.Increment(ref connected) == 1)
                {
                    await turnAway.Task;
                    return;
                }

                Interlocked.Increment(ref greeted);
                await GreetAsync(pipe);
            });
            network.Serve(Second, GreetAsync);
        });
        var clients = new List<TestClient> { await gateway.ConnectAsync("submissions") };
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (Volatile.Read(ref connected) == 0)
        {
            await Task.Delay(1, patience.Token);
        }

        // Held, so that the first destination gets one of them as well.
        while (Volatile.Read(ref greeted) == 0)
        {
            clients.Add(await gateway.ConnectAsync("submissions"));
            await clients[^1].ExpectAsync("\r\n");
        }

        turnAway.SetResult();
        Assert.Equal("220 here\r\n", await clients[0].ExpectAsync("\r\n"));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
            await gateway.Ends.NextAsync();
        }

        gateway.Network.Connects.Clear();
        await ServedAsync(gateway, 2);
        Assert.Contains(First, gateway.Network.Connects);
    }

    private static async Task ServedAsync(TestGateway gateway, int sessions)
    {
        for (var i = 0; i < sessions; i++)
        {
            await using var client = await gateway.ConnectAsync("submissions");
            Assert.Equal("220 here\r\n", await client.ExpectAsync("\r\n"));
            await client.SendAsync("QUIT\r\n");
            await client.ReadToEndAsync();
            await gateway.Ends.NextAsync();
        }
    }

    private static async Task GreetAsync(IDuplexPipe pipe)
    {
        var backend = new ScriptedPeer(pipe);
        await backend.ExpectAsync("\r\n");
        await backend.SendAsync("220 here\r\n");
        await backend.ExpectAsync("QUIT\r\n");
        await backend.SendAsync("221 bye\r\n");
    }

    /// <summary>Says the first line, and one more for each that it hears.</summary>
    private static async Task AnswerAsync(IDuplexPipe pipe, params IReadOnlyList<string> lines)
    {
        var server = new ScriptedPeer(pipe);
        await server.SendAsync(lines[0]);
        foreach (var line in lines.Skip(1))
        {
            await server.ExpectAsync("\r\n");
            await server.SendAsync(line);
        }

        await server.EndAsync();
        await server.ReadToEndAsync();
    }

    private Task<TestGateway> StartAsync(
        HealthSettings health, Action<MemoryTransport> serve, ClientIdentity identity = ClientIdentity.Proxy) => TestGateway.StartAsync(
        settings => settings with
        {
            Backends =
            [
                .. settings.Backends.Select(backend => backend.Name != "postfix" ? backend
                    : identity == ClientIdentity.Proxy ? backend with { Health = health }
                    : backend with { Health = health, Identity = identity, ProxyProtocol = ProxyHeaderVersion.None })
            ],
        },
        services => services.AddSingleton<ILoggerProvider>(_log),
        serve);
}
