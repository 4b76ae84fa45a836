using System.Net;
using System.Net.Sockets;
using TlsFront.Configuration;

namespace TlsFront.Backends;

/// <summary>Finds the configured destination that somebody means by an address and a port.</summary>
internal sealed class NamedDestinations(NameResolver names)
{
    /// <summary>
    /// The first destination with this host, or with a name that resolves to this address; null if there is none. <paramref name="stop"/> gives up.
    /// </summary>
    public async ValueTask<(BackendSettings Backend, string Destination)?> FindAsync(
        string host, int port, IEnumerable<BackendSettings> backends, CancellationToken stop)
    {
        var address = Parse(host);
        var candidates = (
            from backend in backends
            from destination in backend.Destinations
            let split = BackendDialer.Split(destination)
            where split.Port == port
            select (Backend: backend, Destination: destination, split.Host, Address: Parse(split.Host))).ToList();
        foreach (var candidate in candidates)
        {
            if (address is null ? candidate.Host.Equals(host, StringComparison.OrdinalIgnoreCase) : address.Equals(candidate.Address))
            {
                return (candidate.Backend, candidate.Destination);
            }
        }

        foreach (var candidate in candidates.Where(static candidate => candidate.Address is null))
        {
            if (address is not null && await ResolvesToAsync(candidate.Host, candidate.Backend, address, stop))
            {
                return (candidate.Backend, candidate.Destination);
            }
        }

        return null;
    }

    private static IPAddress? Parse(string host) =>
        !IPAddress.TryParse(host, out var address) ? null : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private async ValueTask<bool> ResolvesToAsync(string host, BackendSettings backend, IPAddress address, CancellationToken stop)
    {
        try
        {
            return (await names.ResolveAsync(host, backend.ResolveEvery, stop)).Contains(address);
        }
        catch (SocketException)
        {
            // A name that nobody knows is nobody's.
            return false;
        }
    }
}
