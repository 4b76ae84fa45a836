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
    private static readonly BackendSettings[] Backends =
    [
        Backend("a", "192.0.2.1:143", "store.internal:143", "gone.internal:143"), Backend("b", "[2001:db8::1]:143", "192.0.2.1:993"),
    ];

    private readonly NamedDestinations _destinations;
    private int _asked;

    public NamedDestinationsTests() =>
        _destinations = new(new NameResolver(this, new FakeTimeProvider(), NullLogger<NameResolver>.Instance));

    Task<IPAddress[]> INameLookup.AddressesAsync(string host)
    {
        _asked++;
        return host == "store.internal"
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
    [InlineData("192.0.2.9", 143, null, 2)]
    [InlineData("192.0.2.8", 144, null, 0)]
    [InlineData("store.example", 143, null, 0)]
    public async Task It_is_one_that_is_configured_or_none(string host, int port, string? expected, int asked)
    {
        var found = await _destinations.FindAsync(host, port, Backends, CancellationToken.None);

        Assert.Equal(expected, found is var (backend, destination) ? $"{backend.Name} {destination}" : null);
        Assert.Equal(asked, _asked);
    }

    private static BackendSettings Backend(string name, params string[] destinations) =>
        new() { Name = name, Kind = BackendKind.Generic, ProxyProtocol = ProxyHeaderVersion.None, Destinations = destinations };
}
