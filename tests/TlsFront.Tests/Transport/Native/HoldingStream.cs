namespace TlsFront.Tests.Transport.Native;

/// <summary>Holds back everything a TLS client writes after its hello until told to send it in one piece.</summary>
internal sealed class HoldingStream(Stream inner) : Stream
{
    private readonly MemoryStream _held = new();
    private bool _helloSent;
    private bool _released;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public async Task ReleaseAsync()
    {
        _released = true;
        await inner.WriteAsync(_held.ToArray());
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => (_helloSent && !_released ? _held : inner).Write(buffer, offset, count);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var target = _helloSent && !_released ? _held : inner;
        _helloSent = true;
        await target.WriteAsync(buffer, cancellationToken);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _held.Dispose();
        }

        base.Dispose(disposing);
    }
}
