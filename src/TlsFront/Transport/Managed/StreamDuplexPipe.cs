using System.IO.Pipelines;

namespace TlsFront.Transport.Managed;

/// <summary>A stream as a pipe, without pumps: a read of the pipe is a read of the stream.</summary>
internal sealed class StreamDuplexPipe(Stream stream) : IDuplexPipe
{
    /// <summary>Zero-byte reads first, so that an idle session holds no buffer; 16 KB is one TLS record.</summary>
    public PipeReader Input { get; } = PipeReader.Create(
        stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true, useZeroByteReads: true));

    public PipeWriter Output { get; } = new RecordWriter(stream);
}
