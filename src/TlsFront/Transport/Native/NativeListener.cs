using System.Net;
using Microsoft.AspNetCore.Connections;

namespace TlsFront.Transport.Native;

/// <summary>A bound address: what its loops accept, Kestrel takes from here.</summary>
internal sealed class NativeListener(EndPoint endPoint, AcceptSocket[] sockets, AcceptQueue accepted) : IConnectionListener
{
    public EndPoint EndPoint => endPoint;

    /// <remarks>Until the queue is complete and empty: what the loops accepted is served even after unbinding.</remarks>
    public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => accepted.TakeAsync(cancellationToken);

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        foreach (var socket in sockets)
        {
            await socket.StopAsync();
        }

        accepted.Complete();
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (accepted.TryTake() is { } connection)
        {
            await connection.DisposeAsync();
        }
    }
}
