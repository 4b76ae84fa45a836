using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native;

/// <summary>Connects backends: by address, by name (every address of it is tried), by Unix socket.</summary>
internal sealed class NativeConnectionFactory(EventLoop[] loops, NativeObjects objects) : IConnectionFactory
{
    private int _next;

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is not DnsEndPoint name)
        {
            return await ConnectOneAsync(endpoint, cancellationToken);
        }

        var addresses = await Dns.GetHostAddressesAsync(name.Host, name.AddressFamily, cancellationToken);
        for (var i = 0; i < addresses.Length - 1; i++)
        {
            try
            {
                return await ConnectOneAsync(new IPEndPoint(addresses[i], name.Port), cancellationToken);
            }
            catch (SocketException)
            {
                // The next address; the last one's failure is the caller's.
            }
        }

        return addresses.Length > 0
            ? await ConnectOneAsync(new IPEndPoint(addresses[^1], name.Port), cancellationToken)
            : throw new SocketException((int)SocketError.HostNotFound);
    }

    private async ValueTask<ConnectionContext> ConnectOneAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        var loop = loops[(uint)Interlocked.Increment(ref _next) % (uint)loops.Length];
        var attempt = new BackendConnect(endpoint, loop);
        var descriptor = await attempt.ConnectAsync(cancellationToken);
        return new NativeBackend(new NativeSocket(descriptor, objects), endpoint);
    }
}
