using System.Net;
using Microsoft.AspNetCore.Connections;
using TlsFront.Handover;

namespace TlsFront.Transport.Native;

/// <summary>A bound address: what its loops accept is taken from here. They begin when somebody first asks.</summary>
/// <param name="endPoint">The address.</param>
/// <param name="sockets">All sockets bound to it.</param>
/// <param name="accepted">What they accepted.</param>
/// <param name="adoption">For sessions of the process before this one.</param>
/// <param name="begin">Called before the first of them accepts; null for nothing.</param>
internal sealed class NativeListener(
    EndPoint endPoint, AcceptSocket[] sockets, AcceptQueue accepted, SessionAdoption adoption, Action? begin)
    : IConnectionListener, IAdoptingListener
{
    private bool _accepts;

    public EndPoint EndPoint => endPoint;

    public bool HasAdopted => accepted.HasAdopted;

    public IReadOnlyList<int> Descriptors => [.. sockets.Select(static socket => socket.Descriptor)];

    /// <remarks>Until the queue is complete and empty: what the loops accepted is served even after unbinding.</remarks>
    public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (!_accepts)
        {
            _accepts = true;
            begin?.Invoke();
            Array.ForEach(sockets, static socket => socket.Start());
        }

        return accepted.TakeAsync(cancellationToken);
    }

    public (ConnectionContext Client, ConnectionContext Backend) Adopt(ref StateReader state, int client, int backend) =>
        adoption.Adopt(ref state, client, backend);

    public bool Serve(ConnectionContext client)
    {
        // Before anybody can end it.
        ((NativeConnection)client).Enter();
        return accepted.TryAdd(client);
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        // All at once: one loop that is busy must not keep the others accepting.
        await Task.WhenAll(sockets.Select(static socket => socket.StopAsync()));
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
