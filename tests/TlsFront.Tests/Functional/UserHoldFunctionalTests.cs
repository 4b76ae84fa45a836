using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using TlsFront.Admin;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;
using TlsFront.Routing;
using TlsFront.Telemetry;

namespace TlsFront.Tests.Functional;

/// <summary>A mailbox moves: logins of its user wait, and go where it is by then.</summary>
public sealed class UserHoldFunctionalTests
{
    private const string User = "bob@example.org";
    private const string First = "192.0.2.1:10143";
    private const string Second = "192.0.2.2:10143";
    private const string Third = "192.0.2.3:10143";

    private readonly ConcurrentQueue<string> _homes = new();
    private readonly TaskCompletionSource _slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_held_login_waits_and_goes_where_its_user_is_by_the_release()
    {
        await using var gateway = await StartAsync();
        var overrides = Overrides(gateway);
        overrides.Hold(User, UserOverrides.LongestHold);
        await using var client = await LoginAsync(gateway, "Bob@Example.org");
        await using var other = await LoginAsync(gateway, User);
        await WaitingAsync(overrides, 2);
        Assert.Equal(First, await HomeOfAsync(gateway, "alice@example.org"));

        overrides.Move(User, new UserMove("imap", "second", null));
        Assert.Equal(2, overrides.Release(User)!.Waiting);
        await client.ExpectAsync("a OK ");
        await other.ExpectAsync("a OK ");
        Assert.Equal([First, Second, Second], _homes);
        Assert.Equal(Second, await HomeOfAsync(gateway, User));
    }

    [Fact]
    public async Task After_the_time_of_a_hold_logins_go_on()
    {
        await using var gateway = await StartAsync();
        var overrides = Overrides(gateway);
        overrides.Hold(User, UserOverrides.LongestHold);
        await using var client = await LoginAsync(gateway, User);
        await WaitingAsync(overrides, 1);
        overrides.Hold(User, TimeSpan.FromMilliseconds(1));
        await client.ExpectAsync("a OK ");
    }

    [Fact]
    public async Task A_move_overrides_routes_and_stickiness_until_it_is_taken_back()
    {
        await using var gateway = await StartAsync();
        var overrides = Overrides(gateway);
        Assert.Equal(Second, await HomeOfAsync(gateway, "routed@moved.example"));
        overrides.Move("Routed@moved.example", new UserMove("pop3", "second", Third));
        Assert.Equal(Second, await HomeOfAsync(gateway, "routed@moved.example"));
        foreach (var destination in (string[])[Second, Third])
        {
            overrides.Move("routed@moved.example", new UserMove("imap", "sticky", destination));
            Assert.Equal(destination, await HomeOfAsync(gateway, "routed@moved.example"));
        }

        overrides.Unmove("routed@moved.example");
        Assert.Equal(Second, await HomeOfAsync(gateway, "routed@moved.example"));
    }

    [Fact]
    public async Task The_log_and_the_metric_tell_what_decided_where_a_login_went()
    {
        var log = new LogTap("Login");
        await using var gateway = await StartAsync(log);
        using var routed = new MetricCollector<long>(
            gateway.Host.Services.GetRequiredService<IMeterFactory>(), TlsFrontMetrics.MeterName, MetricCatalogue.LoginsRouted.Name);
        foreach (var (user, move) in ((string, UserMove?)[])
        [
            ("alice@example.org", null), ("alice@moved.example", null), ("bob@moved.example", new("imap", "sticky", null)),
            ("jim@moved.example", new("imap", "sticky", Third)),
        ])
        {
            if (move is not null)
            {
                Overrides(gateway).Move(user, move);
            }

            await HomeOfAsync(gateway, user);
        }

        Assert.Equal(
            ["routedBy=default sticky=no", "routedBy=route sticky=no", "routedBy=move sticky=yes", "routedBy=move sticky=no"],
            from line in await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => log.NextAsync()))
            let words = line.Split(' ')
            select string.Join(' ', words.Where(static word => word.StartsWith("routedBy=", StringComparison.Ordinal)
                || word.StartsWith("sticky=", StringComparison.Ordinal))));
        Assert.Equal(
            ["default", "route", "move", "move"],
            routed.GetMeasurementSnapshot().Select(static measurement => measurement.Tags[MetricLabels.By.Name]));
    }

    [Fact]
    public async Task Nobody_is_led_elsewhere_when_the_target_of_a_move_is_gone()
    {
        var log = new LogTap("UserBackendUnknown");
        await using var gateway = await StartAsync(log);
        Overrides(gateway).Move(User, new UserMove("imap", "gone", null));
        await using var client = await LoginAsync(gateway, User);
        Assert.StartsWith("* BYE [UNAVAILABLE] ", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("backend_unavailable", await gateway.Ends.NextAsync());
        Assert.Contains("user bob@example.org belongs to backend gone by an operator's move", await log.NextAsync(), StringComparison.Ordinal);
        Assert.Empty(_homes);
    }

    [Fact]
    public async Task Who_waited_while_the_server_was_configured_is_told_to_come_back_and_not_led_to_the_old_one()
    {
        await using var gateway = await StartAsync();
        var overrides = Overrides(gateway);
        overrides.Hold(User, UserOverrides.LongestHold);
        await using var client = await LoginAsync(gateway, User);
        await WaitingAsync(overrides, 1);
        var now = gateway.Store.Current;
        gateway.Store.Replace(now with
        {
            Listeners = [.. now.Listeners.Select(static listener => listener.Name != "imaps" ? listener : listener with
            {
                Routes = [new RouteSettings { Names = [], Users = [User], Backend = "newer", Tls = new() }],
            })],
            Backends = [.. now.Backends, Backend("newer", Third)],
        });
        overrides.Release(User);
        Assert.StartsWith("* BYE [UNAVAILABLE] ", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Empty(_homes);
        Assert.Equal(Third, await HomeOfAsync(gateway, User));
    }

    [Fact]
    public async Task A_client_that_leaves_waits_no_longer()
    {
        await using var gateway = await StartAsync();
        var overrides = Overrides(gateway);
        overrides.Hold(User, UserOverrides.LongestHold);
        await using (await LoginAsync(gateway, User))
        {
            await WaitingAsync(overrides, 1);
        }

        Assert.Equal("queue_client_left", await gateway.Ends.NextAsync());
        await WaitingAsync(overrides, 0);
        Assert.Empty(_homes);
    }

    [Fact]
    public async Task A_drain_does_not_wait_for_the_end_of_a_hold()
    {
        await using var gateway = await StartAsync(
            change: static settings => settings with { Drain = new DrainSettings(TimeSpan.Zero, TimeSpan.FromMinutes(10)) });
        var overrides = Overrides(gateway);
        overrides.Hold(User, UserOverrides.LongestHold);
        await using var client = await LoginAsync(gateway, User);
        await WaitingAsync(overrides, 1);
        var stopping = gateway.Host.StopAsync();
        Assert.StartsWith("* BYE [UNAVAILABLE] ", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("drained", await gateway.Ends.NextAsync());
        await stopping.WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task Who_waits_when_everything_must_end_waits_no_longer()
    {
        await using var gateway = await StartAsync();
        var overrides = Overrides(gateway);
        overrides.Hold(User, UserOverrides.LongestHold);
        await using var client = await LoginAsync(gateway, User);
        await WaitingAsync(overrides, 1);
        gateway.Sessions.AbortAll();
        Assert.Equal("aborted", await gateway.Ends.NextAsync());
        Assert.Equal(0, Assert.Single(overrides.All).Waiting);
    }

    [Fact]
    public async Task Too_many_logins_are_told_to_come_back()
    {
        await using var gateway = await StartAsync();
        var overrides = Overrides(gateway);
        overrides.Hold(User, UserOverrides.LongestHold);
        using var stop = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, UserOverrides.MaxWaitingOfUser)
            .Select(_ => overrides.WaitAsync(User, new NobodyLeaves(), default, stop.Token).AsTask()).ToList();
        await using var client = await LoginAsync(gateway, User);
        Assert.StartsWith("* BYE [UNAVAILABLE] ", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("backend_busy", await gateway.Ends.NextAsync());
        await stop.CancelAsync();
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task Nobody_slips_past_who_was_about_to_log_in_when_the_hold_began()
    {
        await using var gateway = await StartAsync();
        var (overrides, control) = (Overrides(gateway), gateway.Host.Services.GetRequiredService<IGatewayControl>());
        var filter = new SessionFilter("bob@*", null, null);
        await using var early = await LoginAsync(gateway, User, "slow");
        await _asked.Task.WaitAsync(TestClient.Patience);
        overrides.Hold(User, UserOverrides.LongestHold);
        await using var late = await LoginAsync(gateway, User);
        await WaitingAsync(overrides, 1);

        // The one that waits is not ended: it is to go on where the mailbox will be.
        Assert.Single(control.End(filter));
        _slow.SetResult();
        Assert.Equal("a OK [CAPABILITY IMAP4rev1] in\r\n", await early.ReadToEndAsync());
        Assert.Equal("drained", await gateway.Ends.NextAsync());
        Assert.Empty(control.Find(filter));
        overrides.Release(User);
        await late.ExpectAsync("a OK ");
        Assert.Single(control.Find(filter));
    }

    private static UserOverrides Overrides(TestGateway gateway) => gateway.Host.Services.GetRequiredService<UserOverrides>();

    private static async Task WaitingAsync(UserOverrides overrides, int count)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (overrides.All.Sum(static user => user.Waiting) != count)
        {
            await Task.Delay(1, patience.Token);
        }
    }

    private static async Task<TestClient> LoginAsync(TestGateway gateway, string user, string password = "secret")
    {
        var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync(" ready\r\n");
        await client.SendAsync($"a LOGIN {user} {password}\r\n");
        return client;
    }

    private async Task<string> HomeOfAsync(TestGateway gateway, string user)
    {
        await using var client = await LoginAsync(gateway, user);
        await client.ExpectAsync("a OK ");
        return _homes.Last();
    }

    private Task<TestGateway> StartAsync(LogTap? log = null, Func<GatewaySettings, GatewaySettings>? change = null) => TestGateway.StartAsync(
        settings => (change ?? (static settings => settings))(settings with
        {
            Listeners = [.. settings.Listeners.Select(static listener => listener.Name != "imaps" ? listener : listener with
            {
                Routes = [new RouteSettings { Names = [], Users = ["*@moved.example"], Backend = "second", Tls = new() }],
            })],
            Backends =
            [
                .. settings.Backends.Select(static backend => backend.Name != "dovecot-imap" ? backend : backend with
                {
                    ProxyProtocol = ProxyHeaderVersion.None,
                }),
                Backend("second", Second),
                Backend("sticky", Second, Third) with { Stickiness = Stickiness.User },
            ],
        }),
        services =>
        {
            if (log is not null)
            {
                services.AddSingleton<ILoggerProvider>(log);
            }
        },
        network =>
        {
            foreach (var destination in (string[])[First, Second, Third])
            {
                network.Serve(destination, pipe => ServeAsync(destination, pipe));
            }
        });

    private static BackendSettings Backend(string name, params string[] destinations) => new()
    {
        Name = name,
        Kind = BackendKind.Dovecot,
        Destinations = destinations,
        ProxyProtocol = ProxyHeaderVersion.None,
        Health = new HealthSettings { Interval = TimeSpan.Zero },
    };

    private async Task ServeAsync(string destination, IDuplexPipe pipe)
    {
        var server = new ScriptedPeer(pipe);
        await server.SendAsync("* OK ready\r\n");
        var words = (await server.ExpectAsync("\r\n")).TrimEnd().Split(' ');
        if (words is ["a", "LOGIN", _, "slow"])
        {
            _asked.SetResult();
            await _slow.Task.WaitAsync(TestClient.Patience);
        }

        _homes.Enqueue(destination);
        await server.SendAsync("a OK [CAPABILITY IMAP4rev1] in\r\n");
        await server.ReadToEndAsync();
    }

    private sealed class NobodyLeaves : IClientWatch
    {
        public CancellationToken ClientLeft => default;
    }
}
