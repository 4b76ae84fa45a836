using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace TlsFront.Transport.Managed;

/// <summary>
/// A transport's two pipes as the one stream <see cref="System.Net.Security.SslStream"/> wants. Asynchronous only; every write is flushed.
/// The pipes stay the transport's: disposing the stream does not complete them.
/// </summary>
internal sealed class DuplexPipeStream(IDuplexPipe transport) : Stream
{
    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether all records written so far are plain handshake records, behind which a plain alert may go.</summary>
    public bool IsPlain { get; private set; } = true;

    /// <summary>With an empty buffer it waits for data and takes none.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await transport.Input.ReadAsync(cancellationToken);
        var available = result.Buffer;
        if (result.IsCanceled)
        {
            transport.Input.AdvanceTo(available.Start);
            throw new OperationCanceledException("The read was cancelled by the transport.");
        }

        var taken = available.Slice(0, Math.Min(available.Length, buffer.Length));
        taken.CopyTo(buffer.Span);

        // Before the advance: it gives the sequence's memory back, and with it its length.
        var count = (int)taken.Length;
        transport.Input.AdvanceTo(taken.End);
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        IsPlain = IsPlain && AreHandshakeRecords(buffer.Span);
        var result = await transport.Output.WriteAsync(buffer, cancellationToken);
        if (result.IsCompleted)
        {
            throw new IOException("The transport takes no more data.");
        }
    }

    /// <summary>SslStream writes whole records.</summary>
    private static bool AreHandshakeRecords(ReadOnlySpan<byte> records)
    {
        const int Header = 5;
        const byte Handshake = 22;
        while (records.Length >= Header && records[0] == Handshake)
        {
            records = records[Math.Min(records.Length, Header + BinaryPrimitives.ReadUInt16BigEndian(records[3..]))..];
        }

        return records.IsEmpty;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
