using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.Backends;

/// <summary>Which destination somebody means by an address.</summary>
public sealed class NamedDestinationsTests : INameLookup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly BackendSettings[] Backends =
    [
        Backend("a", "192.0.2.1:143", "store.internal:143", "gone.internal:143"), Backend("b", "[2001:db8::1]:143", "192.0.2.1:993"),
    ];

    private readonly FakeTimeProvider _time = new();
    private readonly NamedDestinations _destinations;
    private int _asked;

    public NamedDestinationsTests() =>
        _destinations = new(new NameResolver(this, _time, NullLogger<NameResolver>.Instance), _time);

    Task<IPAddress[]> INameLookup.AddressesAsync(string host)
    {
        _asked++;
        return host == "slow.internal" ? new TaskCompletionSource<IPAddress[]>().Task
            : host == "store.internal"
            ? Task.FromResult<IPAddress[]>([IPAddress.Parse("192.0.2.7"), IPAddress.Parse("192.0.2.8")])
            : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
    }

    [Theory]
    [InlineData("192.0.2.1", 143, "a 192.0.2.1:143", 0)]
    [InlineData("192.0.2.1", 993, "b 192.0.2.1:993", 0)]
    [InlineData("::ffff:192.0.2.1", 143, "a 192.0.2.1:143", 0)]
    [InlineData("2001:db8:0::1", 143, "b [2001:db8::1]:143", 0)]
    [InlineData("[2001:db8::1]", 143, "b [2001:db8::1]:143", 0)]
    [InlineData("Store.Internal", 143, "a store.internal:143", 0)]
    [InlineData("192.0.2.8", 143, "a store.internal:143", 1)]
    [InlineData("192.0.2.8", 144, null, 0)]
    [InlineData("store.example", 143, null, 0)]
    public async Task It_is_one_that_is_configured_or_none(string host, int port, string? expected, int asked)
    {
        var found = await _destinations.FindAsync(host, port, Backends, Patience, CancellationToken.None);

        Assert.Equal(expected, found is var (backend, destination) ? $"{backend.Name} {destination}" : null);
        Assert.Equal(asked, _asked);
    }

    [Fact]
    public async Task A_name_that_cannot_be_resolved_may_be_the_one()
    {
        var failure = await Assert.ThrowsAsync<SocketException>(async () =>
            await _destinations.FindAsync("192.0.2.9", 143, Backends, Patience, CancellationToken.None));

        Assert.Equal((SocketError.HostNotFound, 2), (failure.SocketErrorCode, _asked));
    }

    [Fact]
    public async Task A_name_is_not_waited_for_without_an_end()
    {
        BackendSettings[] backends = [Backend("slow", "slow.internal:143"), .. Backends];
        await _destinations.FindAsync("192.0.2.7", 143, Backends, Patience, CancellationToken.None);
        var known = _destinations.FindAsync("192.0.2.7", 143, backends, Patience, CancellationToken.None).AsTask();
        var unknown = _destinations.FindAsync("192.0.2.9", 143, [backends[0]], Patience, CancellationToken.None).AsTask();
        Assert.False(known.IsCompleted || unknown.IsCompleted);
        _time.Advance(Patience);

        Assert.Equal("store.internal:143", (await known)?.Destination);
        Assert.Equal(SocketError.TimedOut, (await Assert.ThrowsAsync<SocketException>(() => unknown)).SocketErrorCode);
    }

    [Fact]
    public async Task A_session_that_ends_waits_for_no_name()
    {
        using var stop = new CancellationTokenSource();
        var asked = _destinations.FindAsync("192.0.2.9", 143, [Backend("slow", "slow.internal:143")], Patience, stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    private static BackendSettings Backend(string name, params string[] destinations) =>
        new() { Name = name, Kind = BackendKind.Generic, ProxyProtocol = ProxyHeaderVersion.None, Destinations = destinations };
}
