using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Listeners.SelfCheck;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Listeners.SelfCheck;

/// <summary>Handshakes that come to nothing, and connections that are recognised.</summary>
public sealed class SelfHandshakeTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly OwnConnections _own = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SelfHandshake _handshake;

    public SelfHandshakeTests()
    {
        _listener.Start();
        _handshake = new SelfHandshake(_own, new SettingsStore(TestGateway.Settings("/nowhere")), _time);
    }

    private IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Where_nobody_listens_clients_cannot_connect_either()
    {
        var address = Address;
        _listener.Stop();
        var (chain, failure) = await RunAsync(address);
        Assert.Null(chain);
        Assert.StartsWith($"nobody can connect to {address}: ", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_that_closes_is_a_failure()
    {
        var address = Address;
        var run = RunAsync(address);
        (await _listener.AcceptSocketAsync()).Dispose();
        Assert.StartsWith($"the handshake on {address} failed: ", (await run).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_that_says_nothing_proves_nothing()
    {
        var run = RunAsync(Address);
        using var accepted = await _listener.AcceptSocketAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(HandshakeResult.Skipped, await run);
    }

    [Fact]
    public async Task A_connection_is_recognised_once_and_by_address_and_port()
    {
        var run = RunAsync(Address);
        using var accepted = await _listener.AcceptSocketAsync();
        var remote = (IPEndPoint)accepted.RemoteEndPoint!;
        Assert.False(_own.TryClaim(null));
        Assert.False(_own.TryClaim(new IPEndPoint(remote.Address, remote.Port ^ 1)));
        Assert.False(_own.TryClaim(new IPEndPoint(IPAddress.Parse("127.0.0.2"), remote.Port)));
        Assert.True(_own.TryClaim(new IPEndPoint(remote.Address.MapToIPv6(), remote.Port)));
        Assert.False(_own.TryClaim(remote));
        _time.Advance(TimeSpan.FromMinutes(10));
        await run;
    }

    [Fact]
    public async Task What_never_came_is_not_expected_for_ever()
    {
        var run = RunAsync(Address);
        using var accepted = await _listener.AcceptSocketAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        await run;
        Assert.False(_own.TryClaim(accepted.RemoteEndPoint));
    }

    private Task<HandshakeResult> RunAsync(IPEndPoint address) =>
        _handshake.RunAsync(
            address, new CheckingClient("mail.example.com", VerifiesRsaOnly: false), CancellationToken.None).WaitAsync(TestClient.Patience);
}
