using System.Buffers.Binary;

namespace TlsFront.Benchmarks.Load.Servers;

/// <summary>Reads a length of 8 octets and as many octets, answers with one octet, again and again.</summary>
internal static class UploadSink
{
    private const int BufferLength = 256 * 1024;

    public static void Serve(Wire wire)
    {
        var buffer = new byte[BufferLength];
        while (true)
        {
            Span<byte> length = buffer.AsSpan(0, sizeof(long));
            for (var have = 0; have < length.Length;)
            {
                var read = wire.Read(length[have..]);
                have += read > 0 ? read : throw new LoadException("the peer ended");
            }

            for (var left = BinaryPrimitives.ReadInt64BigEndian(length); left > 0;)
            {
                var read = wire.Read(buffer.AsSpan(0, (int)Math.Min(left, BufferLength)));
                left -= read > 0 ? read : throw new LoadException("the peer ended");
            }

            wire.Write("k"u8);
        }
    }
}
