using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace TlsFront.Demo;

/// <summary>
/// A client of the demo store: bounded lines and blocks in, text out. Every wait ends at the deadline or when the store stops, by an
/// <see cref="OperationCanceledException"/> that ends the session.
/// </summary>
internal sealed class LineConnection : IAsyncDisposable
{
    private const int MaximumLineLength = 8192;

    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly TimeSpan _patience;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenRegistration _stopping;

    /// <param name="stream">The socket; disposed with the connection.</param>
    /// <param name="patience">How long a client may take for each read or write.</param>
    /// <param name="time">Clock of the deadline.</param>
    /// <param name="stopping">Ends every wait.</param>
    public LineConnection(Stream stream, TimeSpan patience, TimeProvider time, CancellationToken stopping)
    {
        _input = PipeReader.Create(stream, new(leaveOpen: true));
        _output = PipeWriter.Create(stream);
        _patience = patience;
        _deadline = new(patience, time);
        _stopping = stopping.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _deadline);
    }

    /// <summary>
    /// Reads the next line. A bare line feed ends a line too, for people who type into <c>openssl s_client</c>.
    /// </summary>
    public async ValueTask<Line> ReadLineAsync()
    {
        var tooLong = false;
        while (true)
        {
            var buffer = await ReadAsync();
            if (buffer.IsEmpty)
            {
                return new(LineStatus.End);
            }

            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                tooLong |= line.Length > MaximumLineLength;
                var text = tooLong ? "" : Encoding.Latin1.GetString(line);
                _input.AdvanceTo(buffer.GetPosition(1, end));
                return tooLong ? new(LineStatus.TooLong) : new(LineStatus.Complete, text.EndsWith('\r') ? text[..^1] : text);
            }

            tooLong |= buffer.Length > MaximumLineLength;
            _input.AdvanceTo(tooLong ? buffer.End : buffer.Start, buffer.End);
        }
    }

    /// <summary>Reads exactly <paramref name="length"/> bytes, or null when the client went away before.</summary>
    public async ValueTask<byte[]?> ReadBlockAsync(int length)
    {
        var block = new byte[length];
        var filled = 0;
        var complete = await ReadWhileAsync(length, piece =>
        {
            piece.CopyTo(block.AsSpan(filled));
            filled += (int)piece.Length;
        });
        return complete ? block : null;
    }

    /// <summary>Reads and drops that many bytes; false when the client went away before.</summary>
    public ValueTask<bool> SkipAsync(long length) => ReadWhileAsync(length, static _ => { });

    /// <summary>
    /// Hands what arrives to <paramref name="consume"/>, which says how much it took and whether it has enough;
    /// false when the client went away before.
    /// </summary>
    public async ValueTask<bool> ReadUntilAsync(Func<ReadOnlySequence<byte>, (SequencePosition Consumed, bool Done)> consume)
    {
        while (true)
        {
            var buffer = await ReadAsync();
            if (buffer.IsEmpty)
            {
                return false;
            }

            var (consumed, done) = consume(buffer);
            _input.AdvanceTo(consumed);
            if (done)
            {
                return true;
            }
        }
    }

    /// <summary>Puts text (Latin-1) and a line end into the output.</summary>
    public void WriteLine(string text)
    {
        Write(text);
        Write("\r\n"u8);
    }

    /// <summary>Puts text (Latin-1) into the output.</summary>
    public void Write(string text) => Encoding.Latin1.GetBytes(text, _output);

    /// <summary>Puts bytes into the output.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => _output.Write(bytes);

    /// <summary>Sends the output.</summary>
    public async ValueTask FlushAsync()
    {
        _deadline.CancelAfter(_patience);
        await _output.FlushAsync(_deadline.Token);
    }

    /// <summary>Ends every wait now, as if the deadline had passed.</summary>
    public void Abort() => _deadline.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stopping.DisposeAsync();
        await _input.CompleteAsync();
        // With an exception, since there is nobody left to take what was not flushed.
        await _output.CompleteAsync(new OperationCanceledException());
        _deadline.Dispose();
    }

    private ValueTask<bool> ReadWhileAsync(long length, Action<ReadOnlySequence<byte>> take)
    {
        if (length == 0)
        {
            return new(true);
        }

        return ReadUntilAsync(buffer =>
        {
            var piece = buffer.Slice(0, Math.Min(buffer.Length, length));
            take(piece);
            length -= piece.Length;
            return (piece.End, length == 0);
        });
    }

    /// <summary>What has arrived and is not consumed, at least one new byte; empty at the end.</summary>
    private async ValueTask<ReadOnlySequence<byte>> ReadAsync()
    {
        _deadline.CancelAfter(_patience);
        var result = await _input.ReadAsync(_deadline.Token);
        // The end leaves at most the beginning of a line, which is none.
        return result.IsCompleted ? default : result.Buffer;
    }
}
