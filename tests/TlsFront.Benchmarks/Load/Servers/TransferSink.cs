using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TlsFront.Benchmarks.Load.Servers;

/// <summary>
/// Moves content and tells what it saw of it, again and again. A request is one octet and a length of 8: <c>u</c> takes as many octets,
/// <c>d</c> gives them, <c>e</c> gives back what it takes; each is answered, behind the content, with the SHA-256 of what was seen here.
/// <c>l</c> gives them without hash and ends in order, <c>r</c> takes nothing and resets.
/// </summary>
internal static class TransferSink
{
    /// <summary>A request: the octet and the length.</summary>
    public const int RequestLength = 1 + sizeof(long);

    private const int BufferLength = 64 * 1024;

    /// <summary>Writes a request.</summary>
    public static void Request(Wire wire, byte what, long length)
    {
        Span<byte> request = stackalloc byte[RequestLength];
        request[0] = what;
        BinaryPrimitives.WriteInt64BigEndian(request[1..], length);
        wire.Write(request);
    }

    public static void Serve(Wire wire)
    {
        var reader = new WireReader(wire);
        var buffer = new byte[BufferLength];
        Span<byte> request = stackalloc byte[RequestLength];
        while (true)
        {
            reader.ReadExactly(request);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var left = BinaryPrimitives.ReadInt64BigEndian(request[1..]);
            switch (request[0])
            {
                case (byte)'r':
                    wire.Reset();
                    return;
                case (byte)'l':
                    Give(wire, buffer, left, hash);
                    return;
                case (byte)'d':
                    Give(wire, buffer, left, hash);
                    break;
                default:
                    Take(wire, reader, buffer, left, hash, giveBack: request[0] == (byte)'e');
                    break;
            }

            wire.Write(hash.GetHashAndReset());
        }
    }

    private static void Take(Wire wire, WireReader reader, byte[] buffer, long left, IncrementalHash hash, bool giveBack)
    {
        while (left > 0)
        {
            var piece = buffer.AsSpan(0, reader.Read(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length))));
            left -= piece.Length;
            hash.AppendData(piece);
            if (giveBack)
            {
                wire.Write(piece);
            }
        }
    }

    private static void Give(Wire wire, byte[] buffer, long left, IncrementalHash hash)
    {
        while (left > 0)
        {
            var piece = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            Random.Shared.NextBytes(piece);
            left -= piece.Length;
            hash.AppendData(piece);
            wire.Write(piece);
        }
    }
}
