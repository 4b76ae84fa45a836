using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.Listeners;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Listeners;

/// <summary>Who accepts and serves: what becomes of its listeners and connections when something fails, and when it stops.</summary>
public sealed class MailServerTests
{
    [Fact]
    public async Task A_start_that_fails_gives_back_what_it_bound()
    {
        var network = new MemoryTransport();
        var certificates = TestCertificates.CreateFolder("mail.example.com");
        var settings = TestGateway.Settings(certificates);
        settings = settings with
        {
            Listeners = [.. settings.Listeners.Select(static listener => listener with { Address = new IPEndPoint(IPAddress.Loopback, 45_000) })],
        };
        var host = GatewayHost.Build(new SettingsStore(settings), configure: services => services.AddSingleton(network.Engine));
        var failure = await Assert.ThrowsAsync<GatewayStartException>(() => host.StartAsync(CancellationToken.None));
        Assert.StartsWith($"listener {settings.Listeners[1].Name}: 127.0.0.1:45000 is in use", failure.Message, StringComparison.Ordinal);
        await host.DisposeAsync();
        await Assert.ThrowsAsync<ChannelClosedException>(() => network.ConnectClientAsync(settings.Listeners[0].Address));
        Directory.Delete(certificates, recursive: true);
    }

    [Fact]
    public async Task A_connection_that_nothing_can_be_done_with_is_closed_and_the_next_one_is_served()
    {
        using var log = new LogTap("ServingFailed");
        await using var gateway = await TestGateway.StartAsync(configure: services => services.AddSingleton<ILoggerProvider>(log));
        gateway.Network.Serve("192.0.2.1:7", async pipe => await new ScriptedPeer(pipe).SendAsync("hello\r\n"));
        var address = gateway.Host.MailAddresses["echo"];
        await using var faulty = new FaultyConnection();
        await gateway.Network.OfferAsync(address, faulty);
        Assert.Equal("ServingFailed: faulty: could not serve or close a connection", await log.NextAsync());
        await faulty.Closed.WaitAsync(TestClient.Patience);

        await using var client = await gateway.ConnectAsync("echo");
        await client.ExpectAsync("hello\r\n");
    }

    [Fact]
    public async Task What_is_still_open_when_the_host_is_out_of_patience_is_cut()
    {
        await using var gateway = await TestGateway.StartAsync();
        var connections = gateway.Host.Services.GetRequiredService<MailConnections>();
        var client = await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["echo"]);
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (connections.Count == 0)
        {
            await Task.Delay(1, patience.Token);
        }

        await gateway.Host.Services.GetRequiredService<MailServer>().StopAsync(new CancellationToken(canceled: true)).WaitAsync(TestClient.Patience);
        Assert.Equal(0, connections.Count);
        Assert.True((await client.Input.ReadAsync()).IsCompleted);
    }

    /// <summary>One that cannot even be told which settings it has.</summary>
    private sealed class FaultyConnection : DefaultConnectionContext
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly bool _isMade;

        public FaultyConnection()
            : base("faulty") => _isMade = true;

        public Task Closed => _closed.Task;

        public override IFeatureCollection Features => _isMade ? throw new InvalidOperationException("no features") : base.Features;

        public override ValueTask DisposeAsync()
        {
            _closed.TrySetResult();
            return base.DisposeAsync();
        }
    }
}
