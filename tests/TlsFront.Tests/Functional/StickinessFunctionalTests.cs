using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Gateway;
using TlsFront.Protocols;

namespace TlsFront.Tests.Functional;

/// <summary>Sticky sessions and pinned ones, with destinations that YARP, probes, sessions and operators take away.</summary>
public sealed class StickinessFunctionalTests
{
    private const string User = "alice@example.com";

    /// <summary>In the order in which they are the user's choices.</summary>
    private static readonly string[] Three = ["10.0.0.1:110", "10.0.0.2:110", "10.0.0.3:110"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly HealthSettings Probed = new() { Interval = TimeSpan.FromMilliseconds(20), UnhealthyAfter = 1, EjectFor = TimeSpan.Zero };
    private static readonly HealthSettings Unprobed = new() { Interval = TimeSpan.Zero, UnhealthyAfter = 1, EjectFor = TimeSpan.FromMinutes(10) };

    [Fact]
    public async Task A_failed_connect_takes_a_session_to_its_user_s_second_choice()
    {
        await using var gateway = await StartAsync(Unprobed with { UnhealthyAfter = 100 });
        gateway.Network.Refuse(Three[0]);
        for (var i = 0; i < 5; i++)
        {
            using var attempt = Begin(gateway, new(Backend(gateway), User: User));
            await using var connection = await attempt.ConnectAsync(default, CancellationToken.None);
            Assert.NotNull(connection);
        }

        Assert.Equal(Enumerable.Repeat(Three[..2], 5).SelectMany(static pair => pair), gateway.Network.Connects);
    }

    [Fact]
    public async Task A_failed_connect_takes_a_pinned_session_nowhere()
    {
        await using var gateway = await StartAsync(Unprobed with { UnhealthyAfter = 100 });
        gateway.Network.Refuse(Three[1]);
        using var attempt = Begin(gateway, new(Backend(gateway), Three[1], User));
        Assert.Null(await attempt.ConnectAsync(default, CancellationToken.None));
        Assert.Null(attempt.Shortage);
        Assert.Equal([Three[1]], gateway.Network.Connects);
    }

    [Fact]
    public async Task Users_of_one_that_sessions_ejected_go_to_their_second_choice()
    {
        await using var gateway = await StartAsync(Unprobed);
        Assert.Equal((Three[0], 3), await PickAsync(gateway, new(Backend(gateway), User: User)));
        await EjectAsync(gateway, Three[0]);
        Assert.Equal((Three[1], 2), await PickAsync(gateway, new(Backend(gateway), User: User)));
    }

    [Fact]
    public async Task Who_waits_for_one_that_fails_its_probe_goes_to_the_second_choice_and_back_when_it_passes_one()
    {
        await using var gateway = await StartAsync(Probed, maxSessions: 1);
        var (lease, _) = await TakeAsync(gateway, new(Backend(gateway), User: User));
        using var full = lease;
        Assert.Equal(Three[0], full!.Destination.Address);
        var waiting = TakeAsync(gateway, new(Backend(gateway), User: User));
        Assert.Equal(1, Pool(gateway).Waiting);
        gateway.Network.Refuse(Three[0]);
        var (second, _) = await waiting.WaitAsync(TestClient.Patience);
        Assert.Equal(Three[1], second!.Destination.Address);

        // Now both are full, and the second one stays so.
        var again = TakeAsync(gateway, new(Backend(gateway), User: User));
        full.Dispose();
        gateway.Network.Serve(Three[0], GreetAsync);
        (lease, _) = await again.WaitAsync(TestClient.Patience);
        Assert.Equal(Three[0], lease!.Destination.Address);
    }

    [Fact]
    public async Task A_pinned_session_has_the_one_destination_or_none()
    {
        await using var gateway = await StartAsync(Unprobed);
        var backend = Backend(gateway);
        Assert.All(Three, address => Assert.Equal((address, 1), PickAsync(gateway, new(backend, address, User)).GetAwaiter().GetResult()));
        Assert.Equal((Three[2], 1), await PickAsync(gateway, new(backend with { Stickiness = Stickiness.None }, Three[2])));
        Assert.Equal((null, 0), await PickAsync(gateway, new(backend, "10.0.0.4:110", User)));
        Assert.Equal((null, 0), await PickAsync(gateway, new(backend, Three[2], User), Three[2]));

        Pool(gateway).SetDrained(Pool(gateway).Get(Three[2]), isDrained: true);
        Assert.Equal((null, 0), await PickAsync(gateway, new(backend, Three[2], User)));
        Pool(gateway).SetDrained(Pool(gateway).Get(Three[2]), isDrained: false);
        Assert.Equal((Three[2], 1), await PickAsync(gateway, new(backend, Three[2], User)));

        await EjectAsync(gateway, Three[2]);
        Assert.Equal((null, 0), await PickAsync(gateway, new(backend, Three[2], User)));

        // The last resort of all others.
        Assert.Equal((Three[2], 1), await PickAsync(gateway, new(backend, User: User), Three[..2]));
    }

    [Fact]
    public async Task A_pinned_session_waits_for_a_place()
    {
        await using var gateway = await StartAsync(Unprobed, maxSessions: 1);
        var target = new SessionTarget(Backend(gateway), Three[2], User);
        var (lease, _) = await TakeAsync(gateway, target);
        var waiting = TakeAsync(gateway, target);
        Assert.Equal(1, Pool(gateway).Waiting);
        lease!.Dispose();
        (lease, _) = await waiting.WaitAsync(TestClient.Patience);
        Assert.Equal(Three[2], lease!.Destination.Address);
    }

    [Fact]
    public async Task A_host_name_s_case_is_no_other_destination()
    {
        await using var gateway = await StartAsync(Unprobed, destinations: ["pop1.internal:110", "POP2.internal:110"]);
        Assert.Equal(("POP2.internal:110", 1), await PickAsync(gateway, new(Backend(gateway), "pop2.internal:110")));
    }

    private static async Task GreetAsync(IDuplexPipe pipe)
    {
        var backend = new ScriptedPeer(pipe);
        await backend.SendAsync("+OK here\r\n");

        // Of a probe.
        await backend.ExpectAsync("QUIT\r\n");
        await backend.SendAsync("+OK bye\r\n");
    }

    private static BackendSettings Backend(TestGateway gateway) =>
        gateway.Store.Current.Backends.Single(static backend => backend.Name == "dovecot-pop3");

    private static BackendPool Pool(TestGateway gateway) => gateway.Host.Services.GetRequiredService<BackendPools>().Of("dovecot-pop3");

    private static BackendAttempt Begin(TestGateway gateway, SessionTarget target)
    {
        var facts = new SessionFacts
        {
            Id = "1",
            HostName = "mail.example.com",
            Client = new IPEndPoint(IPAddress.Loopback, 51000),
            Local = new IPEndPoint(IPAddress.Loopback, 995),
        };
        var record = new ConnectionRecord(facts, "pop3s", "pop3", NullConnectionEvents.Instance);
        return gateway.Host.Services.GetRequiredService<BackendConnector>().Begin(target, MailProtocol.Pop3, new Client(), record, Patience);
    }

    /// <summary>Lets a session fail there.</summary>
    private static async Task EjectAsync(TestGateway gateway, string address)
    {
        gateway.Network.Refuse(address);
        using var attempt = Begin(gateway, new(Backend(gateway), address));
        Assert.Null(await attempt.ConnectAsync(default, CancellationToken.None));

        // YARP changes its list on its own time.
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while ((await PickAsync(gateway, new(Backend(gateway)))).Untried == Three.Length)
        {
            await Task.Delay(1, patience.Token);
        }
    }

    private static async Task<(string? Address, int Untried)> PickAsync(TestGateway gateway, SessionTarget target, params string[] tried)
    {
        var (lease, untried) = await TakeAsync(gateway, target, tried);
        using var place = lease;
        return (place?.Destination.Address, untried);
    }

    private static Task<(DestinationLease? Lease, int Untried)> TakeAsync(TestGateway gateway, SessionTarget target, params string[] tried) =>
        gateway.Host.Services.GetRequiredService<DestinationPicker>().PickAsync(target, tried, Patience, null, CancellationToken.None).AsTask();

    private static Task<TestGateway> StartAsync(HealthSettings health, int maxSessions = 0, string[]? destinations = null) => TestGateway.StartAsync(
        settings => settings with
        {
            Backends =
            [
                .. settings.Backends.Select(backend => backend.Name == "dovecot-pop3"
                    ? backend with
                    {
                        Destinations = destinations ?? Three,
                        Stickiness = Stickiness.User,
                        Health = health,
                        MaxSessions = maxSessions,
                        Queue = new QueueSettings(10, Patience),
                    }
                    : backend)
            ],
        },
        serve: static network => Array.ForEach(Three, address => network.Serve(address, GreetAsync)));

    private sealed record Client : IClientWatch
    {
        public CancellationToken ClientLeft => CancellationToken.None;
    }
}
