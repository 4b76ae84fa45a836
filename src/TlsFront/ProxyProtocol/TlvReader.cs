using System.Buffers.Binary;

namespace TlsFront.ProxyProtocol;

/// <summary>Reads type-length-value fields one after the other.</summary>
internal ref struct TlvReader(ReadOnlySpan<byte> fields)
{
    /// <summary>Type and length.</summary>
    private const int Prefix = 3;

    private ReadOnlySpan<byte> _rest = fields;

    /// <summary>Whether it stopped before the end: what is left is no field.</summary>
    public readonly bool IsTruncated => !_rest.IsEmpty;

    /// <summary>Reads the next field; false at the end and where a field claims more than there is.</summary>
    public bool TryRead(out TlvType type, out ReadOnlySpan<byte> value)
    {
        type = default;
        value = default;
        if (_rest.Length < Prefix)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(_rest[1..]);
        if (_rest.Length - Prefix < length)
        {
            return false;
        }

        type = (TlvType)_rest[0];
        value = _rest.Slice(Prefix, length);
        _rest = _rest[(Prefix + length)..];
        return true;
    }
}
