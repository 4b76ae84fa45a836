using System.IO.Pipelines;

namespace TlsFront.Transport.Native;

/// <summary>Sends what is written between two flushes in one piece, as receivers of a PROXY header expect it, from the calling thread.</summary>
internal sealed class IntroductionWriter(NativeSocket socket) : PipeWriter
{
    private byte[] _buffer = [];
    private int _length;

    public override void Advance(int bytes) => _length += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length - _length < Math.Max(1, sizeHint))
        {
            Array.Resize(ref _buffer, _length + Math.Max(256, sizeHint));
        }

        return _buffer.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        socket.Send(_buffer.AsSpan(0, _length));
        _length = 0;
        _buffer = [];

        // A fresh connection takes a header at once; a peer that does not is no backend of ours.
        return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: socket.Broken || socket.Pending > 0));
    }

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }
}
