using System.Net;
using System.Net.Sockets;
using TlsFront.Configuration;

namespace TlsFront.Backends;

/// <summary>Finds the configured destination that somebody means by an address and a port.</summary>
internal sealed class NamedDestinations(NameResolver names, TimeProvider time)
{
    /// <summary>
    /// The first destination with this host, or with a name that resolves to this address; null if there is none.
    /// </summary>
    /// <param name="host">The address, or the host as configured.</param>
    /// <param name="port">The port.</param>
    /// <param name="backends">Where it may be.</param>
    /// <param name="patience">How long names that nobody knows yet may take, all together.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="SocketException">It is none of those that are known, and there are names that could not be resolved in time.</exception>
    public async ValueTask<(BackendSettings Backend, string Destination)?> FindAsync(
        string host, int port, IEnumerable<BackendSettings> backends, TimeSpan patience, CancellationToken stop)
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

        if (address is null)
        {
            return null;
        }

        SocketException? failure = null;
        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        foreach (var candidate in candidates.Where(static candidate => candidate.Address is null))
        {
            try
            {
                if ((await names.ResolveAsync(candidate.Host, candidate.Backend.ResolveEvery, either.Token)).Contains(address))
                {
                    return (candidate.Backend, candidate.Destination);
                }
            }
            catch (SocketException exception)
            {
                failure = exception;
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // The others may be known all the same.
                failure = new SocketException((int)SocketError.TimedOut);
            }
        }

        return failure is null ? null : throw failure;
    }

    private static IPAddress? Parse(string host) =>
        !IPAddress.TryParse(host, out var address) ? null : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
