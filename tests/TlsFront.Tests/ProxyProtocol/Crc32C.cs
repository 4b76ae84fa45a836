using System.Buffers.Binary;

namespace TlsFront.Tests.ProxyProtocol;

/// <summary>The checksum of RFC 3720 appendix B.4, bit by bit.</summary>
internal static class Crc32C
{
    /// <summary>Writes the checksum of <paramref name="header"/> into its four octets, which are zero so far.</summary>
    public static void Write(Span<byte> header, int at) => BinaryPrimitives.WriteUInt32BigEndian(header[at..], Of(header));

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var octet in bytes)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }
}
