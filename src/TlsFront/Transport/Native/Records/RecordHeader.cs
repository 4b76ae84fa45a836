using System.Buffers.Binary;

namespace TlsFront.Transport.Native.Records;

/// <summary>The header of a TLSCiphertext (RFC 8446 section 5.2).</summary>
/// <param name="Type">What it says that it holds: <see cref="ContentType.ApplicationData"/> once records are protected.</param>
/// <param name="BodyLength">Octets behind it.</param>
internal readonly record struct RecordHeader(ContentType Type, int BodyLength)
{
    /// <summary>Octets of a header.</summary>
    public const int Length = 5;

    /// <summary>Most octets behind it.</summary>
    public const int MaxBodyLength = TlsRecord.MaxPlaintext + 256;

    /// <summary>Octets of the whole record.</summary>
    public int RecordLength => Length + BodyLength;

    /// <summary>Octets of what is encrypted: content, its type and padding; negative if there is not even a tag.</summary>
    public int InnerLength => BodyLength - AeadSuite.TagLength;

    /// <summary>Octets of a record with that much content and no padding.</summary>
    public static int LengthOf(int content) => Length + content + 1 + AeadSuite.TagLength;

    /// <summary>Reads one; false if it is not complete. Its version means nothing (RFC 8446 section 5.2).</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RecordHeader header)
    {
        var isComplete = bytes.Length >= Length;
        header = isComplete ? new((ContentType)bytes[0], BinaryPrimitives.ReadUInt16BigEndian(bytes[3..])) : default;
        return isComplete;
    }

    /// <summary>Writes one.</summary>
    public static void Write(Span<byte> record, int bodyLength)
    {
        (record[0], record[1], record[2]) = ((byte)ContentType.ApplicationData, 3, 3);
        BinaryPrimitives.WriteUInt16BigEndian(record[3..], (ushort)bodyLength);
    }
}
