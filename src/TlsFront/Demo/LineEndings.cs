using System.Buffers;

namespace TlsFront.Demo;

/// <summary>Line ends of messages at rest.</summary>
internal static class LineEndings
{
    /// <summary>The same text with every line ended by CRLF; the input itself when it was so already.</summary>
    public static ReadOnlyMemory<byte> Normalize(ReadOnlyMemory<byte> content)
    {
        var bare = NextBareLineFeed(content.Span, 0);
        if (bare < 0)
        {
            return content;
        }

        var normalized = new ArrayBufferWriter<byte>(content.Length + 256);
        var start = 0;
        for (; bare >= 0; bare = NextBareLineFeed(content.Span, start))
        {
            normalized.Write(content.Span[start..bare]);
            normalized.Write("\r\n"u8);
            start = bare + 1;
        }

        normalized.Write(content.Span[start..]);
        return normalized.WrittenMemory;
    }

    private static int NextBareLineFeed(ReadOnlySpan<byte> text, int from)
    {
        while (text[from..].IndexOf((byte)'\n') is var distance and >= 0)
        {
            var at = from + distance;
            if (at == 0 || text[at - 1] != (byte)'\r')
            {
                return at;
            }

            from = at + 1;
        }

        return -1;
    }
}
