using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TlsFront.Handover;

/// <summary>
/// The state of a session as octets, little-endian, each variable part behind its length. It holds keys and perhaps a message: the memory is pinned,
/// so that nothing copies it, and wiped when it is outgrown and in the end.
/// </summary>
internal sealed class StateWriter : IDisposable
{
    private const int FirstCapacity = 1024;

    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(FirstCapacity, pinned: true);
    private int _length;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Write(byte value) => Take(sizeof(byte))[0] = value;

    public void Write(bool value) => Write(value ? (byte)1 : (byte)0);

    public void Write(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void Write(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    /// <summary>Writes the length of <paramref name="bytes"/> and the bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Write(bytes.Length);
        bytes.CopyTo(Take(bytes.Length));
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes.AsSpan(0, _length));
        _length = 0;
    }

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - _length < count)
        {
            var larger = GC.AllocateUninitializedArray<byte>(Math.Max(_length + count, 2 * _bytes.Length), pinned: true);
            Written.CopyTo(larger);
            CryptographicOperations.ZeroMemory(_bytes.AsSpan(0, _length));
            _bytes = larger;
        }

        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
