using System.Buffers.Binary;
using System.Text;

namespace TlsFront.ProxyProtocol;

/// <summary>
/// Writes type-length-value fields into a span, most important first. The first that does not fit is dropped with all that follow: a header over
/// the receiver's maximum would cost the session, a missing field does not.
/// </summary>
internal ref struct TlvWriter(Span<byte> destination)
{
    /// <summary>Type and length.</summary>
    private const int Prefix = 3;

    private readonly Span<byte> _destination = destination;
    private bool _full;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Writes a field of ASCII text.</summary>
    public void Write(TlvType type, string text)
    {
        if (TryBegin(type, text.Length, out var value))
        {
            Encoding.ASCII.GetBytes(text, value);
        }
    }

    /// <summary>Writes a field of bytes.</summary>
    public void Write(TlvType type, scoped ReadOnlySpan<byte> bytes)
    {
        if (TryBegin(type, bytes.Length, out var value))
        {
            bytes.CopyTo(value);
        }
    }

    private bool TryBegin(TlvType type, int length, out Span<byte> value)
    {
        var rest = _destination[Length..];
        _full |= Prefix + length > rest.Length;
        if (_full)
        {
            value = default;
            return false;
        }

        rest[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(rest[1..], (ushort)length);
        value = rest.Slice(Prefix, length);
        Length += Prefix + length;
        return true;
    }
}
