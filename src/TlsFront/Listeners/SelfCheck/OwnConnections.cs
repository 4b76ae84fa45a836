using System.Collections.Concurrent;
using System.Net;

namespace TlsFront.Listeners.SelfCheck;

/// <summary>
/// The connections the gateway is about to make to itself, by the address and port they come from. That pair is bound before it connects, so nobody
/// else's connection can have it, wherever it comes from and whatever it sends; and each counts once.
/// </summary>
internal sealed class OwnConnections
{
    private readonly ConcurrentDictionary<IPEndPoint, byte> _expected = new();

    /// <summary>Expects a connection from <paramref name="local"/>, which is bound, until the result is disposed.</summary>
    public IDisposable Expect(IPEndPoint local)
    {
        _expected.TryAdd(local, 0);
        return new Expectation(_expected, local);
    }

    /// <summary>Whether a connection that was accepted is one of them.</summary>
    public bool TryClaim(EndPoint? remote) =>
        remote is IPEndPoint { Address: var address, Port: var port }
        && _expected.TryRemove(new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port), out _);

    private sealed class Expectation(ConcurrentDictionary<IPEndPoint, byte> expected, IPEndPoint local) : IDisposable
    {
        public void Dispose() => expected.TryRemove(local, out _);
    }
}
