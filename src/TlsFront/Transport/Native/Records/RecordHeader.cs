using System.Buffers.Binary;

namespace TlsFront.Transport.Native.Records;

/// <summary>The header of a TLSCiphertext (RFC 8446 section 5.2, RFC 5246 section 6.2.3).</summary>
/// <param name="Type">What it says that it holds; in TLS 1.3 always <see cref="ContentType.ApplicationData"/>, once records are protected.</param>
/// <param name="Version">The version it gives.</param>
/// <param name="BodyLength">Octets behind it.</param>
internal readonly record struct RecordHeader(ContentType Type, ushort Version, int BodyLength)
{
    /// <summary>Octets of a header.</summary>
    public const int Length = 5;

    /// <summary>The version of TLS 1.2, which TLS 1.3 gives as well.</summary>
    public const ushort Tls12 = 0x0303;

    /// <summary>Octets of the whole record.</summary>
    public int RecordLength => Length + BodyLength;

    /// <summary>Reads one; false if it is not complete.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RecordHeader header)
    {
        var isComplete = bytes.Length >= Length;
        header = isComplete
            ? new((ContentType)bytes[0], BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]))
            : default;
        return isComplete;
    }

    /// <summary>Writes one in front of a body.</summary>
    public static void Write(Span<byte> record, ContentType type, int bodyLength)
    {
        record[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(record[1..], Tls12);
        BinaryPrimitives.WriteUInt16BigEndian(record[3..], (ushort)bodyLength);
    }
}
