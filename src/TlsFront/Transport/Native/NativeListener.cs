using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace TlsFront.Transport.Native;

/// <summary>A bound address: what its loops accept, Kestrel takes from here.</summary>
internal sealed class NativeListener(EndPoint endPoint, AcceptSocket[] sockets, Channel<ConnectionContext> accepted) : IConnectionListener
{
    public EndPoint EndPoint => endPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        // Until the channel is complete and empty: what the loops accepted is served even after unbinding.
        while (await accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (accepted.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        foreach (var socket in sockets)
        {
            await socket.StopAsync();
        }

        accepted.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (accepted.Reader.TryRead(out var connection))
        {
            await connection.DisposeAsync();
        }
    }
}
