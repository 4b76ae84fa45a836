using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Numerics;
using TlsFront.Connections;

namespace TlsFront.ProxyProtocol;

/// <summary>Reads the binary header (section 2.2), once its signature was seen.</summary>
internal static class ProxyHeaderV2Parser
{
    /// <summary>Longest UNIQUE_ID (section 2.2.5).</summary>
    private const int MaximumUniqueId = 128;

    private const int ChecksumLength = 4;

    /// <summary>As <see cref="ProxyHeaderParser.Parse"/>.</summary>
    public static OperationStatus Parse(ReadOnlySpan<byte> input, out int length, out ProxyHeader? header, out ProxyHeaderRefusal? refusal)
    {
        (length, header, refusal) = (ProxyHeaderFormat.FixedV2, null, null);
        if (input.Length < length)
        {
            return OperationStatus.NeedMoreData;
        }

        length += BinaryPrimitives.ReadUInt16BigEndian(input[14..]);
        var problem = (input[12] >> 4) != 2 || (input[12] & 0xF) > 1 ? "its version or command is unknown"
            : length > ProxyHeaderParser.MaximumLength ? $"it is longer than {ProxyHeaderParser.MaximumLength} octets"
            : null;
        if (problem is null && input.Length < length)
        {
            return OperationStatus.NeedMoreData;
        }

        problem ??= Read(input[..length], out header);
        if (problem is null)
        {
            return OperationStatus.Done;
        }

        header = null;
        var quote = ProxyHeaderQuote.Of(input[..Math.Min(length, input.Length)]);
        refusal = new(CloseReason.ProxyHeaderInvalid, $"broken PROXY header: {problem}: {quote}");
        return OperationStatus.InvalidData;
    }

    /// <summary>Reads a complete header; returns what is wrong with it, or null.</summary>
    private static string? Read(ReadOnlySpan<byte> bytes, out ProxyHeader? header)
    {
        const int Local = 0x20;
        header = ProxyHeader.WithoutAddresses;
        if (bytes[12] == Local || bytes[13] == 0)
        {
            // What comes with LOCAL must be discarded, what comes with UNSPEC means nothing.
            return null;
        }

        // INET, INET6 and UNIX, each as STREAM: octets of an address, and of all that precedes the fields.
        var (size, end) = bytes[13] switch
        {
            0x11 => (4, 12),
            0x21 => (16, 36),
            0x31 => (0, 216),
            _ => (0, 0),
        };
        var rest = bytes[ProxyHeaderFormat.FixedV2..];
        if (end == 0 || rest.Length < end)
        {
            return end == 0 ? "its family or transport is not one of TCP" : "it ends within its addresses";
        }

        var fields = rest[end..];
        if (CheckFields(bytes, fields) is { } problem)
        {
            return problem;
        }

        header = size == 0 ? new(null, null, fields.ToArray()) : new(
            ReadEndPoint(rest[..size], rest[(2 * size)..]),
            ReadEndPoint(rest.Slice(size, size), rest[((2 * size) + 2)..]),
            fields.ToArray());
        return null;
    }

    private static IPEndPoint ReadEndPoint(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> port)
    {
        var address = new IPAddress(bytes);
        return new(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, BinaryPrimitives.ReadUInt16BigEndian(port));
    }

    private static string? CheckFields(ReadOnlySpan<byte> header, ReadOnlySpan<byte> fields)
    {
        var reader = new TlvReader(fields);
        while (reader.TryRead(out var type, out var value))
        {
            if (type == TlvType.UniqueId && value.Length > MaximumUniqueId)
            {
                return $"its UNIQUE_ID is longer than {MaximumUniqueId} octets";
            }

            if (type == TlvType.Crc32C && !HasChecksum(header, value))
            {
                return "its checksum is wrong";
            }
        }

        return reader.IsTruncated ? "it ends within a field" : null;
    }

    /// <summary>The checksum is that of the header with zeros in the checksum's place (section 2.2.4).</summary>
    private static bool HasChecksum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> checksum)
    {
        if (checksum.Length != ChecksumLength || !header.Overlaps(checksum, out var offset))
        {
            return false;
        }

        var crc = uint.MaxValue;
        for (var i = 0; i < header.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, i >= offset && i < offset + ChecksumLength ? (byte)0 : header[i]);
        }

        return ~crc == BinaryPrimitives.ReadUInt32BigEndian(checksum);
    }
}
