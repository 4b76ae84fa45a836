using System.Buffers.Binary;
using System.Text;

namespace TlsFront.Tests.Tls;

/// <summary>Writes ClientHellos that no client at hand sends.</summary>
internal sealed class HelloBuilder
{
    private readonly List<byte> _extensions = [];

    public ushort LegacyVersion { get; init; } = 0x0303;

    public ushort[] Suites { get; init; } = [0x1301, 0x1302, 0xC02B, 0xC02F];

    public HelloBuilder Extension(ushort type, byte[] data)
    {
        _extensions.AddRange([.. Number(type), .. Vector16(data)]);
        return this;
    }

    public HelloBuilder ServerName(string name) => ServerName(Encoding.Latin1.GetBytes(name));

    public HelloBuilder ServerName(byte[] name) => Extension(0, Vector16([0, .. Vector16(name)]));

    public HelloBuilder Versions(params ushort[] versions) => Extension(43, Vector8(Numbers(versions)));

    public HelloBuilder Groups(params ushort[] groups) => Extension(10, Vector16(Numbers(groups)));

    public HelloBuilder Signatures(params ushort[] schemes) => Extension(13, Vector16(Numbers(schemes)));

    public HelloBuilder CertificateSignatures(params ushort[] schemes) => Extension(50, Vector16(Numbers(schemes)));

    public HelloBuilder Protocols(params string[] ids) => Extension(16, Vector16([.. ids.SelectMany(id => Vector8(Encoding.Latin1.GetBytes(id)))]));

    /// <summary>The handshake message.</summary>
    public byte[] Message()
    {
        byte[] body =
        [
            .. Number(LegacyVersion), .. new byte[32], .. Vector8(new byte[32]), .. Vector16(Numbers(Suites)), .. Vector8([0]),
            .. _extensions.Count == 0 ? [] : Vector16([.. _extensions]),
        ];
        return Message(body);
    }

    public byte[] Record() => Records(Message(), int.MaxValue);

    public static byte[] Message(byte[] body) => [1, (byte)(body.Length >> 16), .. Number((ushort)body.Length), .. body];

    /// <summary><paramref name="message"/> in records of at most <paramref name="size"/> octets.</summary>
    public static byte[] Records(byte[] message, int size) =>
        [.. message.Chunk(Math.Min(size, 16384)).SelectMany(fragment => (byte[])[22, 3, 1, .. Vector16(fragment)])];

    public static byte[] Vector8(byte[] data) => [(byte)data.Length, .. data];

    public static byte[] Vector16(byte[] data) => [.. Number((ushort)data.Length), .. data];

    private static byte[] Numbers(ushort[] numbers) => [.. numbers.SelectMany(Number)];

    private static byte[] Number(ushort number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
        return bytes;
    }
}
