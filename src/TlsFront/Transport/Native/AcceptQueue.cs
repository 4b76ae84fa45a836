using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace TlsFront.Transport.Native;

/// <summary>
/// Connections on their way from the loops that accept them to whoever serves them. It is empty as long as somebody takes them; while nobody does,
/// because there may be no more connections, it holds a few and everybody else waits in the kernel, where waiting costs no descriptor.
/// </summary>
internal sealed class AcceptQueue
{
    /// <summary>
    /// Connections that may wait here. A few for each listener, since they come out of the descriptors reserved for everything else; more than loops
    /// add at once while somebody takes.
    /// </summary>
    public const int Room = 16;

    // Who takes goes on inline in the loop that accepted, which is nearly always the connection's own.
    private readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });
    private int _count;
    private int _adopted;

    /// <summary>Whether to accept another one. Loops that ask at once may each add one.</summary>
    public bool HasRoom => Volatile.Read(ref _count) < Room;

    /// <summary>Whether there is a session of the process before this one.</summary>
    public bool HasAdopted => Volatile.Read(ref _adopted) > 0;

    /// <summary>Adds a connection; false once the queue is complete.</summary>
    public bool TryAdd(ConnectionContext connection)
    {
        Count(connection, 1);
        if (_connections.Writer.TryWrite(connection))
        {
            return true;
        }

        Count(connection, -1);
        return false;
    }

    /// <summary>Takes the next one, waiting for it; null once the queue is complete and empty. One caller at a time.</summary>
    public async ValueTask<ConnectionContext?> TakeAsync(CancellationToken stop)
    {
        while (await _connections.Reader.WaitToReadAsync(stop))
        {
            if (TryTake() is { } connection)
            {
                return connection;
            }
        }

        return null;
    }

    /// <summary>Takes the next one if there is one.</summary>
    public ConnectionContext? TryTake()
    {
        if (!_connections.Reader.TryRead(out var connection))
        {
            return null;
        }

        Count(connection, -1);
        return connection;
    }

    /// <summary>Nothing is added any more.</summary>
    public void Complete() => _connections.Writer.TryComplete();

    private void Count(ConnectionContext connection, int change)
    {
        Interlocked.Add(ref _count, change);
        if (connection is NativeConnection { IsAdopted: true })
        {
            Interlocked.Add(ref _adopted, change);
        }
    }
}
