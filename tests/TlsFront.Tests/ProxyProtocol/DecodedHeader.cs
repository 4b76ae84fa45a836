using System.Net;
using System.Text;

namespace TlsFront.Tests.ProxyProtocol;

/// <summary>A receiver of version 2 headers, written from the specification alone: refuses whatever is not exactly one header.</summary>
internal sealed record DecodedHeader(IPEndPoint Source, IPEndPoint Destination, IReadOnlyList<(int Type, byte[] Value)> Fields)
{
    public byte[]? Field(int type) => Fields.Where(field => field.Type == type).Select(field => field.Value).SingleOrDefault();

    public string? Text(int type) => Field(type) is { } value ? Encoding.UTF8.GetString(value) : null;

    public static DecodedHeader Decode(byte[] bytes)
    {
        Assert.Equal("\r\n\r\n\0\r\nQUIT\n", Encoding.Latin1.GetString(bytes, 0, 12));
        Assert.Equal(0x21, bytes[12]);
        Assert.Equal(bytes.Length, 16 + Number(bytes, 14));
        var size = bytes[13] switch { 0x11 => 4, 0x21 => 16, var family => throw new InvalidDataException($"family {family:X2}") };
        var ports = 16 + (2 * size);
        return new(
            new(new IPAddress(bytes.AsSpan(16, size)), Number(bytes, ports)),
            new(new IPAddress(bytes.AsSpan(16 + size, size)), Number(bytes, ports + 2)),
            Split(bytes.AsSpan(ports + 4)));
    }

    public static IReadOnlyList<(int Type, byte[] Value)> Split(ReadOnlySpan<byte> bytes)
    {
        var fields = new List<(int, byte[])>();
        while (!bytes.IsEmpty)
        {
            var length = (bytes[1] << 8) + bytes[2];
            fields.Add((bytes[0], bytes.Slice(3, length).ToArray()));
            bytes = bytes[(3 + length)..];
        }

        return fields;
    }

    private static int Number(byte[] bytes, int at) => (bytes[at] << 8) + bytes[at + 1];
}
