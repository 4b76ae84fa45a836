using System.Buffers;
using System.Text;
using TlsFront.Transport;
using TlsFront.Transport.Managed;

namespace TlsFront.Tests.Transport.Managed;

public sealed class RecordWriterTests
{
    [Fact]
    public async Task What_was_written_in_pieces_leaves_in_one()
    {
        var stream = new WrittenPieces();
        var writer = new RecordWriter(stream);
        writer.Write("250-one\r\n250-"u8);
        writer.Write("two\r\n"u8);
        writer.Write("250 three\r\n"u8);
        await writer.FlushAsync();
        await writer.FlushAsync();
        Assert.Equal(["250-one\r\n250-two\r\n250 three\r\n"], stream.Pieces);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(60_000)]
    public async Task More_than_a_record_leaves_in_whole_lines_however_it_was_written(int piece)
    {
        var stream = new WrittenPieces();
        var writer = new RecordWriter(stream);
        var text = string.Concat(Enumerable.Range(0, 3000).Select(static i => $"line {i:D5}\r\n"));
        foreach (var part in Encoding.ASCII.GetBytes(text).Chunk(piece))
        {
            writer.Write(part);
        }

        await writer.FlushAsync();
        Assert.Equal(text, string.Concat(stream.Pieces));
        Assert.Equal(3, stream.Pieces.Count);
        Assert.All(stream.Pieces, static piece => Assert.InRange(piece.Length, 1, TlsRecord.MaxPlaintext));
        Assert.All(stream.Pieces, static piece => Assert.EndsWith("\n", piece, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_written_after_a_flush_leaves_with_the_next()
    {
        var stream = new WrittenPieces();
        var writer = new RecordWriter(stream);
        writer.Write("one"u8);
        await writer.FlushAsync();
        writer.Write("two"u8);
        await writer.FlushAsync();
        Assert.Equal(["one", "two"], stream.Pieces);
    }

    private sealed class WrittenPieces : MemoryStream
    {
        public List<string> Pieces { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Pieces.Add(Encoding.ASCII.GetString(buffer.Span));
            return ValueTask.CompletedTask;
        }
    }
}
