using System.Buffers.Binary;

namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>Megabytes to a sink that confirms them.</summary>
internal sealed class UploadJob : LoadJob
{
    private const int Length = 4 * 1024 * 1024;
    private const int Piece = 64 * 1024;
    private readonly byte[] _content = new byte[Piece];
    private readonly Wire _wire;
    private readonly WireReader _reader;

    public UploadJob(Target target)
    {
        _wire = target.Connect();
        _reader = new WireReader(_wire);
    }

    /// <inheritdoc/>
    /// <remarks>Work is octets.</remarks>
    public override long Once()
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(length, Length);
        _wire.Write(length);
        for (var left = Length; left > 0; left -= Piece)
        {
            _wire.Write(_content);
        }

        _reader.Skip(1);
        return Length;
    }

    public override void Dispose()
    {
        _wire.Dispose();
        base.Dispose();
    }
}
