using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Backends;
using TlsFront.Configuration;

namespace TlsFront.Tests.Functional;

/// <summary>Names, source addresses and places: what lies between a backend's settings and a connection to it.</summary>
public sealed class BackendReachTests : INameLookup
{
    private Func<Task<IPAddress[]>> _answer = static () => throw new SocketException((int)SocketError.HostNotFound);

    Task<IPAddress[]> INameLookup.AddressesAsync(string host) => _answer();

    [Fact]
    public async Task A_name_that_does_not_resolve_stops_no_start_and_serves_as_soon_as_it_does()
    {
        await using var gateway = await StartAsync(backend => backend with { Destinations = ["mail.internal:143"] });
        await RefusedAsync(gateway, "backend_unavailable");
        _answer = static () => Task.FromResult<IPAddress[]>([IPAddress.Parse("192.0.2.8"), IPAddress.Parse("192.0.2.9")]);
        gateway.Network.Serve("192.0.2.9:143", GreetAsync);
        for (var i = 0; i < 3; i++)
        {
            await using var client = await GreetedAsync(gateway);
        }

        Assert.Contains("192.0.2.8:143", gateway.Network.Connects);
    }

    [Fact]
    public async Task An_address_that_swallows_packets_leaves_time_for_the_next()
    {
        await using var gateway = await StartAsync(backend => backend with { Destinations = ["mail.internal:143"] }, connect: 2000);
        _answer = static () => Task.FromResult<IPAddress[]>([IPAddress.Parse("192.0.2.8"), IPAddress.Parse("192.0.2.9")]);
        gateway.Network.Hang("192.0.2.8:143");
        gateway.Network.Serve("192.0.2.9:143", GreetAsync);
        await using var client = await GreetedAsync(gateway);
    }

    [Fact]
    public async Task Connections_come_from_the_source_addresses_in_turn()
    {
        await using var gateway = await StartAsync(
            backend => backend with { SourceAddresses = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2"), IPAddress.Parse("fd00::1")] });
        gateway.Network.Serve("192.0.2.1:10143", GreetAsync);
        for (var i = 0; i < 4; i++)
        {
            await using var client = await GreetedAsync(gateway);
        }

        Assert.Equal(["10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.2"], gateway.Network.Sources.Order());
    }

    [Fact]
    public async Task Ports_used_up_at_one_source_address_are_found_at_another()
    {
        await using var gateway = await StartAsync(
            backend => backend with { SourceAddresses = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")] });
        gateway.Network.Serve("192.0.2.1:10143", GreetAsync);
        gateway.Network.Exhaust(IPAddress.Parse("10.0.0.1"), SocketError.AddressNotAvailable);
        for (var i = 0; i < 3; i++)
        {
            await using var client = await GreetedAsync(gateway);
        }
    }

    [Theory]
    [InlineData(SocketError.AddressNotAvailable)]
    [InlineData(SocketError.AddressAlreadyInUse)]
    public async Task Ports_used_up_are_no_failure_of_the_backend(SocketError error)
    {
        await using var gateway = await StartAsync(backend => backend with
        {
            Destinations = ["192.0.2.1:10143", "192.0.2.2:10143"],
            SourceAddresses = [IPAddress.Parse("10.0.0.1")],
            Health = backend.Health with { UnhealthyAfter = 1 },
        });
        gateway.Network.Serve("192.0.2.1:10143", GreetAsync);
        gateway.Network.Exhaust(IPAddress.Parse("10.0.0.1"), error);
        await RefusedAsync(gateway, "no_local_port");
        Assert.All(gateway.Host.Services.GetRequiredService<DestinationStates>().All(), state => Assert.True(state.IsAvailable));
    }

    [Fact]
    public async Task A_session_waits_for_a_place_and_gets_the_next_one()
    {
        await using var gateway = await StartAsync(
            backend => backend with { MaxSessions = 1, Queue = new QueueSettings(1, TimeSpan.FromSeconds(20)) });
        gateway.Network.Serve("192.0.2.1:10143", GreetAsync);
        var pool = gateway.Host.Services.GetRequiredService<BackendPools>().Of("dovecot-imap");
        var first = await GreetedAsync(gateway);
        await using var second = await gateway.ConnectAsync("imaps");
        while (pool.Waiting == 0)
        {
            await Task.Delay(1);
        }

        // The queue is full as well.
        await RefusedAsync(gateway, "backend_busy");
        await first.DisposeAsync();
        await second.ExpectAsync("* OK here\r\n");
    }

    [Fact]
    public async Task A_session_that_waited_in_vain_is_told_to_come_again()
    {
        await using var gateway = await StartAsync(
            backend => backend with { MaxSessions = 1, Queue = new QueueSettings(1, TimeSpan.FromMilliseconds(50)) });
        gateway.Network.Serve("192.0.2.1:10143", GreetAsync);
        await using var first = await GreetedAsync(gateway);
        await RefusedAsync(gateway, "backend_busy");
    }

    private static async Task GreetAsync(IDuplexPipe pipe)
    {
        var backend = new ScriptedPeer(pipe);
        await backend.SendAsync("* OK here\r\n");
        await backend.ReadToEndAsync();
    }

    private static async Task<TestClient> GreetedAsync(TestGateway gateway)
    {
        var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync("* OK here\r\n");
        return client;
    }

    private static async Task RefusedAsync(TestGateway gateway, string reason)
    {
        await using var client = await gateway.ConnectAsync("imaps");
        Assert.StartsWith("* BYE [UNAVAILABLE]", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(reason, await gateway.Ends.NextAsync());
    }

    private Task<TestGateway> StartAsync(Func<BackendSettings, BackendSettings> change, int connect = 10_000) => TestGateway.StartAsync(
        settings => settings with
        {
            Backends = [.. settings.Backends.Select(backend => backend.Name == "dovecot-imap" ? change(backend) : backend)],
            Timeouts = settings.Timeouts with { Connect = TimeSpan.FromMilliseconds(connect) },
        },
        services => services.AddSingleton<INameLookup>(this));
}
