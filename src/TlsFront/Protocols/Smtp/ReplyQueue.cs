namespace TlsFront.Protocols.Smtp;

/// <summary>
/// The replies the client is owed, in order: the backend's, matched by count (RFC 2920 section 3.1), and the gateway's own, which
/// wait behind them. An own reply never stands at the head: <see cref="TryTakeLocal"/> is called until it says no.
/// </summary>
internal sealed class ReplyQueue
{
    private const int Capacity = 64;

    // All own replies must fit into one call's insert buffer, because they can come due together.
    private const int MaxLocal = 16;

    private readonly Entry[] _entries = new Entry[Capacity];
    private int _first;
    private int _count;
    private int _local;
    private int _verdicts;

    private readonly record struct Entry(Awaited Awaited, LocalReply Local);

    /// <summary>Nothing is owed.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Whether two more replies of any kind can be queued.</summary>
    public bool HasRoom => _count <= Capacity - 2 && _local <= MaxLocal - 2;

    /// <summary>Whether the backend still owes the verdict on a message.</summary>
    public bool AwaitsVerdict => _verdicts > 0;

    /// <summary>Whether the backend's next reply is the one to <paramref name="awaited"/>.</summary>
    public bool IsNext(Awaited awaited) => _count > 0 && _entries[_first].Awaited == awaited;

    /// <summary>Whether the last thing forwarded was <paramref name="awaited"/>.</summary>
    public bool IsLast(Awaited awaited) =>
        _count > 0 && _entries[(_first + _count - 1) % Capacity] is { Local: LocalReply.None } last && last.Awaited == awaited;

    /// <summary>The backend will reply to <paramref name="awaited"/>.</summary>
    public void Add(Awaited awaited)
    {
        Append(new Entry(awaited, LocalReply.None));
        _verdicts += awaited == Awaited.Verdict ? 1 : 0;
    }

    /// <summary>The gateway replies once the backend's replies before are through.</summary>
    public void Add(LocalReply reply)
    {
        Append(new Entry(Awaited.Other, reply));
        _local++;
    }

    /// <summary>Takes what the backend just replied to.</summary>
    public Awaited Take()
    {
        var awaited = RemoveFirst().Awaited;
        _verdicts -= awaited == Awaited.Verdict ? 1 : 0;
        return awaited;
    }

    /// <summary>Takes the gateway's own reply if it is due.</summary>
    public bool TryTakeLocal(out LocalReply reply)
    {
        reply = _count > 0 ? _entries[_first].Local : LocalReply.None;
        if (reply == LocalReply.None)
        {
            return false;
        }

        RemoveFirst();
        _local--;
        return true;
    }

    private void Append(Entry entry)
    {
        if (_count == Capacity)
        {
            throw new InvalidOperationException("The reply queue is full.");
        }

        _entries[(_first + _count++) % Capacity] = entry;
    }

    private Entry RemoveFirst()
    {
        var entry = _entries[_first];
        _first = (_first + 1) % Capacity;
        _count--;
        return entry;
    }
}
