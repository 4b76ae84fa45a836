using System.Text;

namespace TlsFront.Demo.Mime;

/// <summary>Takes a message apart as far as IMAP's BODYSTRUCTURE needs it (RFC 2046); bounded in depth and in parts.</summary>
internal sealed class MimeParser
{
    private const int MaximumDepth = 10;
    private const int MaximumParts = 200;

    private static readonly StructuredValue PlainText = new("text/plain", [new("charset", "us-ascii")]);
    private static readonly StructuredValue EmbeddedMessage = new("message/rfc822", []);

    private int _parts;

    private MimeParser()
    {
    }

    /// <summary>Parses a whole message; what is malformed or beyond the bounds becomes one opaque part.</summary>
    public static MimePart Parse(ReadOnlyMemory<byte> message) => new MimeParser().Parse(message, PlainText, 0);

    private MimePart Parse(ReadOnlyMemory<byte> entity, StructuredValue defaultType, int depth)
    {
        var header = Header.Parse(entity);
        var body = entity[header.Raw.Length..];
        var type = header.Find("Content-Type") is { } value && StructuredValue.Parse(value) is var parsed && IsType(parsed.Value)
            ? parsed
            : defaultType;
        var part = new MimePart(header, body, type, [], null);
        if (depth == MaximumDepth)
        {
            return part;
        }

        if (type.Value.Equals("message/rfc822", StringComparison.OrdinalIgnoreCase))
        {
            return part with { Message = Parse(body, PlainText, depth + 1) };
        }

        if (!part.Type.Equals("multipart", StringComparison.OrdinalIgnoreCase) || type.Find("boundary") is not { Length: > 0 } boundary)
        {
            return part;
        }

        var nestedDefault = part.Subtype.Equals("digest", StringComparison.OrdinalIgnoreCase) ? EmbeddedMessage : PlainText;
        var parts = new List<MimePart>();
        foreach (var range in Split(body.Span, Encoding.Latin1.GetBytes("--" + boundary)))
        {
            if (_parts++ < MaximumParts)
            {
                parts.Add(Parse(body[range], nestedDefault, depth + 1));
            }
        }

        return part with { Parts = parts };
    }

    private static bool IsType(string value) =>
        value.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && slash < value.Length - 1 && !value.Any(char.IsWhiteSpace);

    /// <summary>
    /// What lies between the delimiter lines; the line end before a delimiter belongs to it. A missing last delimiter ends with the body.
    /// </summary>
    private static List<Range> Split(ReadOnlySpan<byte> body, ReadOnlySpan<byte> delimiter)
    {
        var ranges = new List<Range>();
        var start = -1;
        var lineStart = 0;
        while (lineStart < body.Length)
        {
            var length = body[lineStart..].IndexOf("\r\n"u8);
            var next = length < 0 ? body.Length : lineStart + length + 2;
            var line = length < 0 ? body[lineStart..] : body.Slice(lineStart, length);
            var rest = line.StartsWith(delimiter) ? line[delimiter.Length..].TrimEnd(" \t"u8) : "x"u8;
            if (rest.IsEmpty || rest.SequenceEqual("--"u8))
            {
                if (start >= 0)
                {
                    ranges.Add(start..Math.Max(start, lineStart - 2));
                }

                start = next;
                if (!rest.IsEmpty)
                {
                    return ranges;
                }
            }

            lineStart = next;
        }

        if (start >= 0)
        {
            ranges.Add(start..body.Length);
        }

        return ranges;
    }
}
