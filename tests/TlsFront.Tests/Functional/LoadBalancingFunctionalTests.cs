using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace TlsFront.Tests.Functional;

/// <summary>Sessions are counted from before they are connected until they end.</summary>
public sealed class LoadBalancingFunctionalTests
{
    private static readonly string[] Three = ["192.0.2.1:143", "192.0.2.2:143", "192.0.2.3:143"];

    [Fact]
    public async Task Three_hundred_held_sessions_are_a_hundred_each()
    {
        var sessions = new ConcurrentDictionary<string, int>();
        await using var gateway = await StartAsync(sessions);
        var clients = new List<TestClient>();
        for (var i = 0; i < 300; i++)
        {
            clients.Add(await GreetedAsync(gateway));
        }

        Assert.Equal([100, 100, 100], Three.Select(address => sessions[address]));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_session_that_ended_counts_no_more()
    {
        var sessions = new ConcurrentDictionary<string, int>();
        await using var gateway = await StartAsync(sessions);
        await using var one = await GreetedAsync(gateway);
        await using var two = await GreetedAsync(gateway);
        var third = Three.Single(address => !sessions.ContainsKey(address));
        for (var i = 1; i <= 3; i++)
        {
            await using (await GreetedAsync(gateway))
            {
                Assert.Equal(i, sessions[third]);
            }

            await gateway.Ends.NextAsync();
        }
    }

    private static async Task<TestClient> GreetedAsync(TestGateway gateway)
    {
        var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync("* OK here\r\n");
        return client;
    }

    private static async Task<TestGateway> StartAsync(ConcurrentDictionary<string, int> sessions)
    {
        var gateway = await TestGateway.StartAsync(settings => settings with
        {
            Backends = [.. settings.Backends.Select(backend => backend.Name == "dovecot-imap" ? backend with { Destinations = Three } : backend)],
        });
        foreach (var address in Three)
        {
            gateway.Network.Serve(address, pipe => ServeAsync(pipe, () => sessions.AddOrUpdate(address, 1, static (_, count) => count + 1)));
        }

        return gateway;
    }

    private static async Task ServeAsync(IDuplexPipe pipe, Action begun)
    {
        begun();
        var backend = new ScriptedPeer(pipe);
        await backend.SendAsync("* OK here\r\n");
        await backend.ReadToEndAsync();
    }
}
