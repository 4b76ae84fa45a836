using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace TlsFront.Cli;

/// <summary>Documents as JSON that are too large to be one text: there may be a hundred thousand rows.</summary>
internal static class JsonText
{
    /// <summary>Writes <paramref name="document"/> in portions, and a line's end.</summary>
    public static void Write<T>(TextWriter output, T document, JsonTypeInfo<T> type)
    {
        using (var stream = new TextStream(output))
        {
            JsonSerializer.Serialize(stream, document, type);
        }

        output.WriteLine();
    }

    /// <summary>UTF-8 on its way to a text writer.</summary>
    private sealed class TextStream(TextWriter output) : Stream
    {
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
        private char[] _text = [];

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            // A character that the last portion began may come on top.
            var longest = Encoding.UTF8.GetMaxCharCount(buffer.Length);
            if (_text.Length < longest)
            {
                _text = new char[longest];
            }

            output.Write(_text.AsSpan(0, _decoder.GetChars(buffer, _text, flush: false)));
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
