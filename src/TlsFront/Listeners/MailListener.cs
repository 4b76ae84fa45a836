using System.Net;
using Microsoft.AspNetCore.Connections;
using TlsFront.Admission;
using TlsFront.Handover;
using TlsFront.Transport;

namespace TlsFront.Listeners;

/// <summary>One bound mail endpoint that can be unbound before its host stops.</summary>
internal sealed class MailListener(
    IConnectionListener inner, MailConnections connections, ConnectionBudget budget, ListenerBudget own, Succession succession, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>How long accepting rests when there is no room even to refuse.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly TaskCompletionSource _unbinds = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private Task? _unbound;

    public EndPoint EndPoint => inner.EndPoint;

    /// <summary>It as one that takes over sessions; null where the engine cannot.</summary>
    public IAdoptingListener? Adopting => inner as IAdoptingListener;

    /// <summary>The next connection, with its place; null once it stopped accepting.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync()
    {
        if (!succession.Accepting.IsCompleted)
        {
            await Task.WhenAny(succession.Accepting, _unbinds.Task);
            if (!succession.Accepting.IsCompleted)
            {
                // The sockets are still the other process's: to accept on them would set their options.
                return null;
            }
        }

        // What is not accepted waits in the kernel, and costs nothing; once unbound there is nothing to wait for, and a session of the process before
        // this one must not wait.
        while (budget.IsExhausted && _unbound is null && Adopting?.HasAdopted != true)
        {
            await Task.WhenAny(Task.Delay(Pause, time), _unbinds.Task);
        }

        return await inner.AcceptAsync() is { } connection ? connections.Add(connection, own) : null;
    }

    /// <summary>Stops accepting; what was accepted goes on.</summary>
    public Task StopAcceptingAsync()
    {
        lock (_lock)
        {
            _unbound ??= inner.UnbindAsync().AsTask();
        }

        _unbinds.TrySetResult();
        return _unbound;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAcceptingAsync();
        await inner.DisposeAsync();
    }
}
