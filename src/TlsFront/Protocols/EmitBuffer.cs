namespace TlsFront.Protocols;

/// <summary>An engine's reusable buffer behind <see cref="Emitter"/>: the two ordered segment lists of a call and the bytes inserted in it.</summary>
internal sealed class EmitBuffer
{
    /// <summary>Most bytes one call may insert beside its input.</summary>
    public const int InsertCapacity = 2048;

    // Pinned, so that an engine that writes with pointers can take segments as they are.
    private readonly byte[] _inserted = GC.AllocateUninitializedArray<byte>(InsertCapacity, pinned: true);
    private int _insertedLength;

    /// <summary>Segments for the client.</summary>
    public SegmentList ToClient { get; } = new();

    /// <summary>Segments for the backend.</summary>
    public SegmentList ToBackend { get; } = new();

    /// <summary>The bytes inserted so far.</summary>
    public ReadOnlySpan<byte> Inserted => _inserted.AsSpan(0, _insertedLength);

    /// <summary>Forgets the last call.</summary>
    public void Clear()
    {
        _insertedLength = 0;
        ToClient.Clear();
        ToBackend.Clear();
    }

    /// <inheritdoc cref="Emitter.HasRoomFor"/>
    public bool HasRoomFor(int bytes) => InsertCapacity - _insertedLength >= bytes && ToClient.HasRoom && ToBackend.HasRoom;

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
