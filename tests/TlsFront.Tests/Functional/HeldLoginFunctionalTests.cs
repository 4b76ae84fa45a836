using System.Collections.Concurrent;
using System.IO.Pipelines;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.Functional;

/// <summary>Logins that wait until it is known where their user is at home, through the whole gateway.</summary>
public sealed class HeldLoginFunctionalTests
{
    private static readonly string[] Destinations = ["192.0.2.1:10143", "192.0.2.2:10143", "192.0.2.3:10143"];

    private readonly ConcurrentDictionary<string, ConcurrentBag<string>> _logins = new();

    [Fact]
    public async Task Every_session_of_a_user_goes_to_the_same_server()
    {
        await using var gateway = await StartAsync();
        for (var i = 0; i < 12; i++)
        {
            await using var client = await gateway.ConnectAsync("imaps");
            Assert.Equal("* OK [CAPABILITY IMAP4rev1 ID AUTH=PLAIN] mail.example.com ready\r\n", await client.ExpectAsync("\r\n"));
            await client.SendAsync($"a LOGIN User{i % 4}@example.org secret\r\n");
            await client.ExpectAsync("a OK ");
        }

        Assert.Equal(3 * 4, _logins.Values.Sum(static logins => logins.Count));
        var homes = _logins.SelectMany(static pair => pair.Value.Select(user => (user, pair.Key))).Distinct().ToList();
        Assert.Equal(4, homes.Count);
        Assert.True(homes.DistinctBy(static home => home.Key).Count() > 1);
    }

    [Fact]
    public async Task A_refused_user_gets_another_backend_with_the_next_try()
    {
        await using var gateway = await StartAsync();
        await using var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync("\r\n");
        var homes = new HashSet<string>();
        for (var i = 0; homes.Count < 2; i++)
        {
            // Other names until two of them are at home in different places.
            homes.Add(await HomeOfAsync(gateway, $"nobody{i}"));
            if (homes.Count == 2)
            {
                await client.SendAsync("a LOGIN nobody0 wrong\r\n");
                Assert.Equal("a NO no\r\n", await client.ExpectAsync("\r\n"));
                await client.SendAsync($"b LOGIN nobody{i} secret\r\n");
                Assert.StartsWith("b OK ", await client.ExpectAsync("\r\n"), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Clients_are_offered_what_all_servers_offer_and_nobody_is_connected_for_the_asking()
    {
        await using var gateway = await StartAsync(TimeSpan.FromMinutes(1));
        var probes = gateway.Network.Connects.Count;
        await using var client = await gateway.ConnectAsync("imaps");
        Assert.Equal("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] mail.example.com ready\r\n", await client.ExpectAsync("\r\n"));
        await client.SendAsync("a CAPABILITY\r\nb LOGOUT\r\n");
        Assert.Equal(
            "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\na OK done\r\n* BYE Logging out\r\nb OK done\r\n", await client.ReadToEndAsync());
        Assert.Equal(probes, gateway.Network.Connects.Count);
        Assert.Equal(CloseReason.Completed.Tag(), await gateway.Ends.NextAsync());
    }

    [Fact]
    public async Task A_user_whose_servers_are_all_gone_is_not_told_that_the_password_is_wrong()
    {
        await using var gateway = await StartAsync();
        foreach (var destination in Destinations)
        {
            gateway.Network.Refuse(destination);
        }

        await using var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync("\r\n");
        await client.SendAsync("a LOGIN alice secret\r\n");
        Assert.StartsWith("* BYE [UNAVAILABLE] ", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_goes_where_the_most_specific_route_leads_and_everybody_else_where_the_listener_does()
    {
        await using var gateway = await StartAsync(change: settings => settings with
        {
            Listeners = [.. settings.Listeners.Select(listener => listener.Name != "imaps" ? listener : listener with
            {
                Routes =
                [
                    new RouteSettings { Names = [], Users = ["*@moved.example"], Backend = "second", Tls = new() },
                    new RouteSettings { Names = [], Users = ["stays@moved.example"], Backend = "third", Tls = new() },
                ],
            })],
            Backends =
            [
                .. settings.Backends.Select(static backend => backend.Name != "dovecot-imap" ? backend : backend with
                {
                    Destinations = Destinations[..1],
                    Stickiness = Stickiness.None,
                }),
                Backend("second", Destinations[1]), Backend("third", Destinations[2]),
            ],
        });

        Assert.Equal(Destinations[1], await HomeOfAsync(gateway, "Alice@Moved.Example"));
        Assert.Equal(Destinations[2], await HomeOfAsync(gateway, "stays@moved.example"));
        Assert.Equal(Destinations[0], await HomeOfAsync(gateway, "bob@example.org"));
        Assert.Equal(Destinations[0], await HomeOfAsync(gateway, "nodomain"));
    }

    private static BackendSettings Backend(string name, string destination) => new()
    {
        Name = name,
        Kind = BackendKind.Dovecot,
        Destinations = [destination],
        ProxyProtocol = ProxyHeaderVersion.None,
        Health = new HealthSettings { Interval = TimeSpan.Zero },
    };

    private async Task<string> HomeOfAsync(TestGateway gateway, string user)
    {
        await using var client = await gateway.ConnectAsync("imaps");
        await client.SendAsync($"a LOGIN {user} secret\r\n");
        await client.ExpectAsync("a OK ");
        return _logins.Single(pair => pair.Value.Contains(user)).Key;
    }

    private Task<TestGateway> StartAsync(
        TimeSpan interval = default, Func<GatewaySettings, GatewaySettings>? change = null) => TestGateway.StartAsync(
        settings => (change ?? (static settings => settings))(settings with
        {
            Backends = [.. settings.Backends.Select(backend => backend.Name != "dovecot-imap" ? backend : backend with
            {
                Destinations = Destinations,
                Stickiness = Stickiness.User,
                ProxyProtocol = ProxyHeaderVersion.None,
                Health = new HealthSettings { Interval = interval },
            })],
        }),
        serve: network =>
        {
            foreach (var destination in Destinations)
            {
                network.Serve(destination, pipe => ServeAsync(destination, pipe));
            }
        });

    private async Task ServeAsync(string destination, IDuplexPipe pipe)
    {
        var offer = destination == Destinations[0] ? "SASL-IR AUTH=PLAIN AUTH=CRAM-MD5 IDLE" : "LITERAL+ SASL-IR AUTH=PLAIN";
        var server = new ScriptedPeer(pipe);
        await server.SendAsync("* OK ready\r\n");
        while (true)
        {
            var words = (await server.ExpectAsync("\r\n")).TrimEnd().Split(' ');
            switch (words)
            {
                case [var tag, "LOGIN", var user, "secret"]:
                    _logins.GetOrAdd(destination, static _ => []).Add(user);
                    await server.SendAsync($"{tag} OK [CAPABILITY IMAP4rev1] in\r\n");
                    break;
                case [var tag, "CAPABILITY"]:
                    await server.SendAsync($"* CAPABILITY IMAP4rev1 {offer}\r\n{tag} OK done\r\n");
                    break;
                case [var tag, "LOGOUT"]:
                    await server.SendAsync($"* BYE bye\r\n{tag} OK done\r\n");
                    return;
                case [var tag, ..]:
                    await server.SendAsync($"{tag} NO no\r\n");
                    break;
            }
        }
    }
}
