using System.Net;
using Microsoft.AspNetCore.Connections;
using TlsFront.Policies;

namespace TlsFront.Listeners;

/// <summary>One bound mail endpoint that can be unbound before its host stops.</summary>
internal sealed class MailListener(
    IConnectionListener inner, MailConnections connections, ConnectionBudget budget, ListenerBudget own, TimeProvider time) : IConnectionListener
{
    /// <summary>How long accepting rests when there is no room even to refuse.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly TaskCompletionSource _hostStops = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private Task? _unbound;

    public EndPoint EndPoint => inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        // What is not accepted waits in the kernel, and costs nothing; once unbound there is nothing to wait for.
        while (budget.IsExhausted && _unbound is null)
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
