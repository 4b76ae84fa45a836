using System.Buffers.Binary;

namespace TlsFront.Handover;

/// <summary>Reads what a <see cref="StateWriter"/> wrote, in the same order.</summary>
/// <param name="bytes">That.</param>
internal ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether all of it was read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <exception cref="HandoverException">The state ends before.</exception>
    public byte ReadByte() => Take(sizeof(byte))[0];

    /// <exception cref="HandoverException">The state ends before, or this is neither true nor false.</exception>
    public bool ReadBoolean() => ReadByte() switch
    {
        0 => false,
        1 => true,
        var other => throw new HandoverException($"the handed-over state says {other} where it should say yes or no"),
    };

    /// <exception cref="HandoverException">The state ends before.</exception>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    /// <summary>A number of something.</summary>
    /// <exception cref="HandoverException">The state ends before, or the number is below zero.</exception>
    public int ReadCount() =>
        ReadInt32() is var count && count >= 0 ? count : throw new HandoverException($"the handed-over state has a negative count, {count}");

    /// <exception cref="HandoverException">The state ends before.</exception>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    /// <summary>Bytes behind their length.</summary>
    /// <exception cref="HandoverException">The state ends before.</exception>
    public ReadOnlySpan<byte> ReadBytes() => Take(ReadInt32());

    /// <summary>Bytes behind their length, which has to be this one.</summary>
    /// <exception cref="HandoverException">The state ends before, or the length is another.</exception>
    public ReadOnlySpan<byte> ReadBytes(int length) =>
        ReadBytes() is var bytes && bytes.Length == length
            ? bytes
            : throw new HandoverException($"the handed-over state has {bytes.Length} octets where {length} belong");

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            throw new HandoverException("the handed-over state is shorter than it says");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
