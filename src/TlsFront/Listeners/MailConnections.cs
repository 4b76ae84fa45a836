using Microsoft.AspNetCore.Connections;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Gateway;
using TlsFront.Listeners.SelfCheck;

namespace TlsFront.Listeners;

/// <summary>The open connections of clients, from accept until the socket is closed; what is not a session yet, or no more, is among them.</summary>
internal sealed class MailConnections(
    SettingsStore settings, SessionRegistry sessions, ConnectionBudget budget, MemoryBudget memory, OwnConnections own, TimeProvider time)
{
    /// <summary>How long a connection may take to deliver its last bytes when everything ends at once.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly LinkedList<MailConnection> _open = [];

    /// <summary>Number of them that are clients'.</summary>
    public int Count => budget.Count;

    /// <summary>Number of all, the gateway's own included.</summary>
    public int Open
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Counts <paramref name="accepted"/> until it is disposed; one of our own takes no client's place.</summary>
    public ConnectionContext Add(ConnectionContext accepted, ListenerBudget listener)
    {
        var isOwn = own.TryClaim(accepted.RemoteEndPoint);
        var refusal = isOwn ? null
            : !budget.TryEnter() ? NoPlace.InGateway
            : !memory.IsEnough ? NoPlace.InMemory
            : !listener.TryEnter() ? NoPlace.OnListener
            : null;
        if (isOwn)
        {
            accepted.Features.Set(OwnConnection.Instance);
        }
        else if (refusal is not null)
        {
            accepted.Features.Set(refusal);
        }

        var connection = new MailConnection(accepted, this, isOwn ? null : budget, isOwn || refusal is not null ? null : listener);
        lock (_lock)
        {
            _open.AddLast(connection.Place);
        }

        return connection;
    }

    /// <summary>Cuts all of them.</summary>
    public void AbortAll()
    {
        MailConnection[] open;
        lock (_lock)
        {
            open = [.. _open];
        }

        Array.ForEach(open, static connection => connection.Abort(new ConnectionAbortedException("The gateway stops.")));
    }

    /// <summary>Closes a connection. An orderly close waits until the client took everything, and a client may never.</summary>
    /// <param name="place">Its place among the open ones.</param>
    /// <param name="connection">The connection as the engine made it.</param>
    /// <param name="gateway">Where it is counted; null for one of our own.</param>
    /// <param name="listener">Where it has a place; null for one that has none.</param>
    public async ValueTask CloseAsync(
        LinkedListNode<MailConnection> place, ConnectionContext connection, ConnectionBudget? gateway, ListenerBudget? listener)
    {
        try
        {
            var closing = connection.DisposeAsync().AsTask();
            if (!await EndsAsync(closing))
            {
                connection.Abort(new ConnectionAbortedException("The client did not take what was sent to it."));
                await closing;
            }
        }
        finally
        {
            lock (_lock)
            {
                _open.Remove(place);
            }

            gateway?.Leave();
            listener?.Leave();
        }
    }

    private async ValueTask<bool> EndsAsync(Task closing)
    {
        if (closing.IsCompleted)
        {
            await closing;
            return true;
        }

        using var patience = new CancellationTokenSource(settings.Current.Timeouts.Write, time);
        await using var hurry = sessions.Aborted.UnsafeRegister(static state => ((CancellationTokenSource)state!).CancelAfter(Grace), patience);
        try
        {
            await closing.WaitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return false;
        }
    }
}
