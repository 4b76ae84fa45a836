using System.Buffers.Binary;
using System.Text;

namespace TlsFront.ProxyProtocol;

/// <summary>Appends to a version 2 header within its bound.</summary>
internal ref struct TypeLengthValueWriter(Span<byte> destination)
{
    private const int LengthOffset = 14;
    private const int FixedLength = 16;
    private readonly Span<byte> _destination = destination;
    private int _length;

    /// <summary>Appends what every header has; the bounds always hold it.</summary>
    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[_length..]);
        _length += bytes.Length;
    }

    /// <inheritdoc cref="Append(ReadOnlySpan{byte})"/>
    public void Append(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[_length..], value);
        _length += sizeof(ushort);
    }

    /// <summary>Appends an optional value, or leaves it out if the bound does not hold it.</summary>
    public void TryAppend(byte type, string value)
    {
        if (3 + Encoding.UTF8.GetByteCount(value) > _destination.Length - _length)
        {
            return;
        }

        _destination[_length] = type;
        var count = Encoding.UTF8.GetBytes(value, _destination[(_length + 3)..]);
        BinaryPrimitives.WriteUInt16BigEndian(_destination[(_length + 1)..], (ushort)count);
        _length += 3 + count;
    }

    /// <summary>Begins the value that holds what TLS established.</summary>
    public int BeginTls(scoped ReadOnlySpan<byte> fixedPart)
    {
        var start = _length;
        Append([ProxyTypes.Tls, 0, 0]);
        Append(fixedPart);
        return start;
    }

    /// <summary>Ends what <see cref="BeginTls"/> began.</summary>
    public readonly void EndTls(int start) =>
        BinaryPrimitives.WriteUInt16BigEndian(_destination[(start + 1)..], (ushort)(_length - start - 3));

    /// <summary>Writes the length of everything behind the fixed part and returns the whole length.</summary>
    public readonly int Finish()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[LengthOffset..], (ushort)(_length - FixedLength));
        return _length;
    }
}
