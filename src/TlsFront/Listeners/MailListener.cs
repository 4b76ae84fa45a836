using System.Net;
using Microsoft.AspNetCore.Connections;
using TlsFront.Handover;
using TlsFront.Policies;
using TlsFront.Transport;

namespace TlsFront.Listeners;

/// <summary>One bound mail endpoint that can be unbound before its host stops.</summary>
internal sealed class MailListener(
    IConnectionListener inner, MailConnections connections, ConnectionBudget budget, ListenerBudget own, Succession succession, TimeProvider time)
    : IConnectionListener
{
    /// <summary>How long accepting rests when there is no room even to refuse.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly TaskCompletionSource _hostStops = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private Task? _unbound;

    public EndPoint EndPoint => inner.EndPoint;

    /// <summary>It as one that takes over sessions; null where the engine cannot.</summary>
    public IAdoptingListener? Adopting => inner as IAdoptingListener;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (!succession.Accepting.IsCompleted)
        {
            await Task.WhenAny(succession.Accepting, _hostStops.Task).WaitAsync(cancellationToken);
            if (_hostStops.Task.IsCompleted)
            {
                return null;
            }
        }

        // What is not accepted waits in the kernel, and costs nothing; once unbound there is nothing to wait for, and a session of the process before
        // this one must not wait.
        while (budget.IsExhausted && _unbound is null && Adopting?.HasAdopted != true)
        {
            await Task.Delay(Pause, time, cancellationToken);
        }

        var connection = await inner.AcceptAsync(cancellationToken);
        if (connection is null)
        {
            // Kestrel takes null as the end of the endpoint and logs nothing only during its own stop.
            await _hostStops.Task.WaitAsync(cancellationToken);
            return null;
        }

        return connections.Add(connection, own);
    }

    /// <summary>Stops accepting; what was accepted goes on.</summary>
    public Task StopAcceptingAsync()
    {
        lock (_lock)
        {
            return _unbound ??= inner.UnbindAsync().AsTask();
        }
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await StopAcceptingAsync();
        _hostStops.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        await inner.DisposeAsync();
    }
}
