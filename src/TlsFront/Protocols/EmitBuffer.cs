namespace TlsFront.Protocols;

/// <summary>An engine's reusable buffer behind <see cref="Emitter"/>: the two ordered segment lists of a call and the bytes inserted in it.</summary>
internal sealed class EmitBuffer
{
    /// <summary>Most bytes one call may insert beside its input.</summary>
    public const int InsertCapacity = 2048;

    /// <summary>Most bytes one call may send of what the machine keeps: a login as long as any protocol takes.</summary>
    public const int KeptCapacity = 16 * 1024;

    // Pinned, so that an engine that writes with pointers can take segments as they are.
    private readonly byte[] _inserted = GC.AllocateUninitializedArray<byte>(InsertCapacity, pinned: true);
    private int _insertedLength;
    private ReadOnlyMemory<byte> _kept;

    /// <summary>Segments for the client.</summary>
    public SegmentList ToClient { get; } = new();

    /// <summary>Segments for the backend.</summary>
    public SegmentList ToBackend { get; } = new();

    /// <summary>The bytes inserted so far.</summary>
    public ReadOnlySpan<byte> Inserted => _inserted.AsSpan(0, _insertedLength);

    /// <summary>The bytes that are sent from where the machine keeps them.</summary>
    public ReadOnlySpan<byte> Kept => _kept.Span;

    /// <summary>Forgets the last call.</summary>
    public void Clear()
    {
        _insertedLength = 0;
        _kept = default;
        ToClient.Clear();
        ToBackend.Clear();
    }

    /// <summary>Overwrites what was inserted, once it was taken: it may be a part of a login.</summary>
    public void Wipe() => _inserted.AsSpan(0, _insertedLength).Clear();

    /// <inheritdoc cref="Emitter.HasRoomFor"/>
    public bool HasRoomFor(int bytes) => InsertCapacity - _insertedLength >= bytes && ToClient.HasRoom && ToBackend.HasRoom;

    internal void Keep(ReadOnlyMemory<byte> bytes)
    {
        if (!_kept.IsEmpty || bytes.Length > KeptCapacity)
        {
            throw new InvalidOperationException($"A machine sent more than {KeptCapacity} kept bytes in one call, or from two places.");
        }

        _kept = bytes;
        ToBackend.AddKept(bytes.Length);
    }

    internal int Insert(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > InsertCapacity - _insertedLength)
        {
            throw new InvalidOperationException($"A machine inserted more than {InsertCapacity} bytes in one call.");
        }

        var offset = _insertedLength;
        bytes.CopyTo(_inserted.AsSpan(offset));
        _insertedLength += bytes.Length;
        return offset;
    }
}
