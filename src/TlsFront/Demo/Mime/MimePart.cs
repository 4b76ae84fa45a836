namespace TlsFront.Demo.Mime;

/// <summary>A message or body part with what is inside it.</summary>
/// <param name="Header">Its own header.</param>
/// <param name="Body">All that follows the header.</param>
/// <param name="ContentType">Type of the body; <c>text/plain</c> when there is none or it makes no sense (RFC 2045 section 5.2).</param>
/// <param name="Parts">Parts of a multipart, otherwise empty.</param>
/// <param name="Message">The message inside a <c>message/rfc822</c>, otherwise null.</param>
internal sealed record MimePart(
    Header Header, ReadOnlyMemory<byte> Body, StructuredValue ContentType, IReadOnlyList<MimePart> Parts, MimePart? Message)
{
    public string Type => ContentType.Value[..ContentType.Value.IndexOf('/', StringComparison.Ordinal)];

    public string Subtype => ContentType.Value[(ContentType.Value.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>
    /// The part IMAP numbers so within this message (RFC 3501 section 6.4.5), or null; a message that is no multipart is its own part 1.
    /// </summary>
    public MimePart? Find(ReadOnlySpan<int> path)
    {
        if (path.IsEmpty)
        {
            return this;
        }

        var part = Parts.Count == 0 ? path[0] == 1 ? this : null : path[0] <= Parts.Count ? Parts[path[0] - 1] : null;
        if (part is null || path.Length == 1)
        {
            return part;
        }

        return part.Message is { } message ? message.Find(path[1..]) : part.Parts.Count != 0 ? part.Find(path[1..]) : null;
    }
}
