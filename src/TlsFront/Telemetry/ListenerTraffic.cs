using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>
/// Open connections of one listener, and the bytes of all it ever had. Bytes are read from the open records when they are collected: an IDLE session
/// of a day would otherwise show its traffic a day late, and at once.
/// </summary>
/// <param name="listener">Name of the listener.</param>
/// <param name="protocol">What is spoken there.</param>
internal sealed class ListenerTraffic(string listener, string protocol)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ConnectionRecord> _open = [];
    private long _fromClient;
    private long _toClient;
    private long _accepted;

    /// <summary>Name of the listener.</summary>
    public string Listener => listener;

    /// <summary>What is spoken there.</summary>
    public string Protocol => protocol;

    /// <summary>Connections open now.</summary>
    public int OpenConnections
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Connections accepted so far.</summary>
    public long Accepted
    {
        get
        {
            lock (_gate)
            {
                return _accepted;
            }
        }
    }

    /// <summary>A connection was accepted.</summary>
    public void Add(ConnectionRecord record)
    {
        lock (_gate)
        {
            _accepted++;
            _open.Add(record);
        }
    }

    /// <summary>A session was taken over: what it moved before was counted where it was.</summary>
    public void TakeOver(ConnectionRecord record)
    {
        lock (_gate)
        {
            _open.Add(record);
            _fromClient -= record.BytesFromClient;
            _toClient -= record.BytesToClient;
        }
    }

    /// <summary>A connection ended; its engine adds no bytes any more.</summary>
    public void Remove(ConnectionRecord record)
    {
        lock (_gate)
        {
            _open.Remove(record);
            _fromClient += record.BytesFromClient;
            _toClient += record.BytesToClient;
        }
    }

    /// <summary>Plaintext bytes so far. Under the lock, so that no connection is counted twice or not at all: the sums never fall.</summary>
    public (long FromClient, long ToClient) Bytes()
    {
        lock (_gate)
        {
            var (fromClient, toClient) = (_fromClient, _toClient);
            foreach (var record in _open)
            {
                fromClient += Volatile.Read(ref record.BytesFromClient);
                toClient += Volatile.Read(ref record.BytesToClient);
            }

            return (fromClient, toClient);
        }
    }
}
