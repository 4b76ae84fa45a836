using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace TlsFront.Transport.Managed;

/// <summary>
/// Collects what is written until it is flushed, and then writes as much at once as a record of TLS takes:
/// <see cref="System.Net.Security.SslStream"/> makes one of each write,
/// and the writer of .NET writes what its blocks of memory happen to hold. Idle it holds no memory.
/// </summary>
internal sealed class RecordWriter(Stream stream) : PipeWriter
{
    private byte[] _buffer = [];
    private int _length;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)(_buffer.Length - _length));
        _length += bytes;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        // Nothing is written while this runs: its caller waits for it.
        var (buffer, length) = (_buffer, _length);
        (_buffer, _length) = ([], 0);
        try
        {
            for (var offset = 0; offset < length;)
            {
                var count = TlsRecord.NextLength(buffer.AsSpan(offset, length - offset));
                await stream.WriteAsync(buffer.AsMemory(offset, count), cancellationToken);
                offset += count;
            }
        }
        finally
        {
            Return(buffer, length);
        }

        return default;
    }

    public override void CancelPendingFlush() => throw new NotSupportedException("A flush ends with the connection.");

    /// <summary>What was not flushed is lost.</summary>
    public override void Complete(Exception? exception = null)
    {
        Return(_buffer, _length);
        (_buffer, _length) = ([], 0);
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + bytes, Math.Max(2 * _buffer.Length, TlsRecord.MaxPlaintext)));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            Return(_buffer, _length);
            _buffer = larger;
        }
    }

    /// <summary>Cleared because it may hold credentials.</summary>
    private static void Return(byte[] buffer, int length)
    {
        if (buffer.Length > 0)
        {
            buffer.AsSpan(0, length).Clear();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
