using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Admin;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Listeners.Upgrade;
using TlsFront.Routing;
using TlsFront.Telemetry;
using TlsFront.Telemetry.Recent;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Transport.Managed;

namespace TlsFront.Tests.Listeners.Upgrade;

/// <summary>A gateway is replaced by another one, and its clients notice nothing.</summary>
[SupportedOSPlatform("linux")]
public sealed class UpgradeTests
{
    private static readonly SessionFilter Everybody = new(null, null, null);

    [Fact]
    public async Task Open_sessions_go_on_in_the_new_process_with_all_that_is_known_of_them()
    {
        await using var backend = Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        await using var client = await rig.ConnectAsync();
        await EchoAsync(client, "before");
        var known = UpgradeRig.ControlOf(rig.Current).Find(Everybody).Single();

        var status = await rig.UpgradeAsync();
        await rig.EndedAsync();

        Assert.Equal((1, 0), (status.Moved, status.Left));
        await EchoAsync(client, "after");
        var now = UpgradeRig.ControlOf(rig.Current).Find(Everybody).Single();
        Assert.Equal((known.Id, known.Client, known.Started), (now.Id, now.Client, now.Started));
        Assert.Equal((1, 1), (UpgradeRig.ControlOf(rig.Current).Connections, UpgradeRig.ControlOf(rig.Current).Sessions));
        Assert.Equal(1, rig.Current.Services.GetRequiredService<BackendPools>().Of("echo").Get(backend.Destination).Sessions);
        await client.DisposeAsync();
        Assert.Equal("client_closed", await rig.Ends.NextAsync());
        await UpgradeRig.SessionsAsync(rig.Current, 0);
        Assert.Equal(0, rig.Current.Services.GetRequiredService<BackendPools>().Of("echo").Get(backend.Destination).Sessions);
    }

    /// <summary>Each process counts what it moved itself: a sum over them is right, and no graph jumps.</summary>
    [Fact]
    public async Task Bytes_are_counted_once()
    {
        await using var backend = Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        await using var client = await rig.ConnectAsync();
        await EchoAsync(client, "12345");

        await rig.UpgradeAsync();
        await EchoAsync(client, "123");

        var counted = rig.Gateways.Select(static gateway => gateway.Services.GetRequiredService<TlsFrontMetrics>().Listeners
            .Single(static listener => listener.Listener == "echo")).ToList();
        Assert.Equal([(5L, 5L), (3L, 3L)], counted.Select(static listener => listener.Bytes()));
        Assert.Equal([1L, 0L], counted.Select(static listener => listener.Accepted));
        Assert.Equal([0, 1], counted.Select(static listener => listener.OpenConnections));
    }

    [Fact]
    public async Task New_clients_are_served_by_the_new_process()
    {
        await using var backend = Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);

        await rig.UpgradeAsync();
        await rig.EndedAsync();

        Assert.Equal(rig.Gateways[0].MailAddresses["echo"], rig.Current.MailAddresses["echo"]);
        await using var client = await rig.ConnectAsync();
        await EchoAsync(client, "new");
        Assert.Equal(1, UpgradeRig.ControlOf(rig.Current).Sessions);
    }

    [Fact]
    public async Task Rates_of_clients_and_the_live_page_continue_where_they_stood()
    {
        await using var backend = Echo();
        await using var rig = await UpgradeRig.StartAsync(
            backend, static settings => settings with { Limits = settings.Limits with { ConnectionRate = new(2, TimeSpan.FromHours(1)) } });
        await using var client = await rig.ConnectAsync();
        await using (var brief = await rig.ConnectAsync())
        {
            await EchoAsync(brief, "brief");
        }

        Assert.Equal("client_closed", await rig.Ends.NextAsync());

        await rig.UpgradeAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => rig.ConnectAsync());
        await EchoAsync(client, "still served");
        var recent = rig.Current.Services.GetRequiredService<RecentActivity>();
        Assert.Equal(CloseReason.ClientClosed, recent.Ended().Single().Reason);
        Assert.Equal(2, recent.Handshakes().Succeeded.Sum(static series => series.Total));
        Assert.Equal(1, recent.Sessions()["tcp"]);
    }

    /// <summary>Wherever an upgrade finds it: whole records, parts of them, bytes that the peers do not take.</summary>
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task No_octet_is_lost_or_doubled_while_both_ways_stream_through_upgrades(SslProtocols version)
    {
        await using var backend = Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        await using var client = await rig.ConnectAsync(version: version);
        var sent = RandomNumberGenerator.GetBytes(64 << 20);
        var received = new byte[sent.Length];

        var writing = client.Tls.WriteAsync(sent).AsTask();
        var part = sent.Length / 5;
        for (var i = 0; i < 5; i++)
        {
            // What is not read yet is still under way, in the gateway and in front of it.
            var reading = client.Tls.ReadExactlyAsync(received.AsMemory(i * part, i < 4 ? part : sent.Length - (4 * part))).AsTask();
            await rig.UpgradeAsync();
            await reading.WaitAsync(TestClient.Patience);
        }

        await writing.WaitAsync(TestClient.Patience);
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(received));
        await EchoAsync(client, "and after that");
    }

    [Fact]
    public async Task What_a_slow_client_did_not_take_yet_comes_from_the_new_process()
    {
        var sent = RandomNumberGenerator.GetBytes(16 << 20);
        var isFull = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new SocketBackend(async (peer, socket) =>
        {
            await peer.ExpectAsync("go\n");
            var rest = sent.AsMemory();
            socket.Blocking = false;
            while (!rest.IsEmpty)
            {
                try
                {
                    rest = rest[socket.Send(rest.Span[..Math.Min(rest.Length, 1 << 16)])..];
                }
                catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
                {
                    isFull.TrySetResult();
                    await Task.Delay(1);
                }
            }
        });
        await using var rig = await UpgradeRig.StartAsync(backend);
        await using var client = await rig.ConnectAsync();
        await client.SendAsync("go\n");
        await isFull.Task.WaitAsync(TestClient.Patience);

        Assert.Equal(1, (await rig.UpgradeAsync()).Moved);

        var received = new byte[sent.Length];
        await client.Tls.ReadExactlyAsync(received).AsTask().WaitAsync(TestClient.Patience);
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(received));
    }

    [Fact]
    public async Task A_session_that_is_not_logged_in_yet_moves_once_it_is()
    {
        await using var backend = new SocketBackend(static async (peer, _) =>
        {
            await peer.SendAsync("* OK ready\r\n");
            await peer.ExpectAsync("a LOGIN bob secret\r\n");
            await peer.SendAsync("a OK in\r\n");
            await peer.ExpectAsync("b NOOP\r\n");
            await peer.SendAsync("b OK\r\n");
            await peer.ReadToEndAsync();
        });
        await using var rig = await UpgradeRig.StartAsync(
            backend, static settings => settings with { Drain = new DrainSettings(TimeSpan.Zero, TimeSpan.FromMinutes(10)) });
        await using var client = await rig.ConnectAsync("imaps");
        await client.ExpectAsync("* OK ready\r\n");

        var status = await rig.UpgradeAsync();
        Assert.Equal((0, 1), (status.Moved, status.Left));
        Assert.Equal((1, 0), (UpgradeRig.ControlOf(rig.Gateways[0]).Sessions, UpgradeRig.ControlOf(rig.Current).Sessions));
        await client.SendAsync("a LOGIN bob secret\r\n");
        await client.ExpectAsync("a OK in\r\n");

        await UpgradeRig.SessionsAsync(rig.Current, 1);
        await rig.EndedAsync();
        await client.SendAsync("b NOOP\r\n");
        await client.ExpectAsync("b OK\r\n");
        Assert.Equal("bob", UpgradeRig.ControlOf(rig.Current).Find(Everybody).Single().User);
    }

    [Fact]
    public async Task More_sessions_than_are_under_way_at_once_move()
    {
        await using var backend = Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        var clients = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => rig.ConnectAsync()));
        await Task.WhenAll(clients.Select(static (client, i) => EchoAsync(client, $"before {i}")));

        Assert.Equal(100, (await rig.UpgradeAsync()).Moved);

        await Task.WhenAll(clients.Select(static (client, i) => EchoAsync(client, $"after {i}")));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        await UpgradeRig.SessionsAsync(rig.Current, 0);
    }

    /// <summary>It is one address, and whoever asks is answered by the gateway of the moment.</summary>
    [Fact]
    public async Task The_admin_endpoint_goes_along()
    {
        await using var backend = Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        var address = rig.AdminAddress();
        using var http = new HttpClient();
        Assert.Equal(System.Net.HttpStatusCode.OK, (await http.GetAsync(new Uri($"http://{address}/readyz"))).StatusCode);
        using var page = new StreamReader(await http.GetStreamAsync(new Uri($"http://{address}/api/v1/events")));
        await rig.UpgradeAsync();

        Assert.Equal(address, rig.AdminAddress());
        // The page's stream ends in order; its script connects again.
        await page.ReadToEndAsync().WaitAsync(TestClient.Patience);
        for (var i = 0; i < 20; i++)
        {
            // Over the connection that was kept, unless it was closed: a process that was replaced is draining, and would say no.
            Assert.Equal(System.Net.HttpStatusCode.OK, (await http.GetAsync(new Uri($"http://{address}/readyz"))).StatusCode);
        }

        await rig.EndedAsync();
        Assert.Equal(System.Net.HttpStatusCode.OK, (await http.GetAsync(new Uri($"http://{address}/readyz"))).StatusCode);
    }

    [Fact]
    public async Task A_limit_of_connections_keeps_no_session_from_moving()
    {
        await using var backend = Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        await using var client = await rig.ConnectAsync();
        await using var other = await rig.ConnectAsync();
        await EchoAsync(client, "before");
        await EchoAsync(other, "before");
        rig.Change = static settings => settings with { Limits = settings.Limits with { Connections = 1, ConnectionsPerClient = 1 } };

        Assert.Equal(2, (await rig.UpgradeAsync()).Moved);

        await EchoAsync(client, "after");
        await EchoAsync(other, "after");
    }

    [Fact]
    public async Task What_operators_decided_stays_decided()
    {
        await using var backend = Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        var overrides = rig.Current.Services.GetRequiredService<UserOverrides>();
        overrides.Hold("ann", UserOverrides.LongestHold);
        overrides.Move("bob", new UserMove("imap", "dovecot-imap", null));
        rig.Current.Services.GetRequiredService<DestinationStates>().SetDrained("dovecot-pop3", backend.Destination, isDrained: true);

        await rig.UpgradeAsync();

        var now = rig.Current.Services.GetRequiredService<UserOverrides>();
        Assert.True(now.IsHeld("ann"));
        Assert.Equal(new UserMove("imap", "dovecot-imap", null), now.FindMove("bob", "imap"));
        Assert.True(rig.Current.Services.GetRequiredService<BackendPools>().Of("dovecot-pop3").Get(backend.Destination).IsDrained);
    }

    [Fact]
    public async Task A_session_whose_listener_is_gone_ends_in_the_old_process()
    {
        await using var backend = Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        await using var client = await rig.ConnectAsync();
        await EchoAsync(client, "before");
        rig.Change = static settings => settings with { Listeners = [.. settings.Listeners.Where(static listener => listener.Name != "echo")] };

        var status = await rig.UpgradeAsync();

        Assert.Equal((0, 1), (status.Moved, status.Left));
        await EchoAsync(client, "after");
    }

    /// <summary>A release that changed the state reads its predecessor's.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(0, 1)]
    public async Task Releases_with_another_state_in_common_replace_each_other(int oldest, int newest)
    {
        await using var backend = Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        await using var client = await rig.ConnectAsync();
        rig.Configure = services => services.AddSingleton(new StateVersions(oldest, newest));

        Assert.Equal(1, (await rig.UpgradeAsync()).Moved);

        await EchoAsync(client, "on");
    }

    internal static SocketBackend Echo() => new(static async (_, socket) =>
    {
        var buffer = new byte[32 * 1024];
        int count;
        while ((count = await socket.ReceiveAsync(buffer)) > 0)
        {
            for (var rest = buffer.AsMemory(0, count); !rest.IsEmpty;)
            {
                rest = rest[await socket.SendAsync(rest)..];
            }
        }

        socket.Shutdown(SocketShutdown.Send);
    });

    internal static async Task EchoAsync(TestClient client, string text)
    {
        await client.SendAsync(text);
        Assert.Equal(text, await client.ExpectAsync(text));
    }
}
