using System.Runtime.InteropServices;

namespace TlsFront.Admission;

/// <summary>How many connections each client has open; as large as there are connections, never larger.</summary>
internal sealed class ClientConnections
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, int> _counts = [];

    /// <summary>Clients with a connection.</summary>
    public int Clients
    {
        get
        {
            lock (_gate)
            {
                return _counts.Count;
            }
        }
    }

    /// <summary>Counts a connection unless its client has <paramref name="limit"/> already.</summary>
    public bool TryEnter(UInt128 client, int limit)
    {
        lock (_gate)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, client, out _);
            if (count >= limit)
            {
                return false;
            }

            count++;
            return true;
        }
    }

    /// <summary>A counted connection ended.</summary>
    public void Leave(UInt128 client)
    {
        lock (_gate)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(_counts, client);
            if (--count == 0)
            {
                _counts.Remove(client);
            }
        }
    }
}
