using System.Buffers;

namespace TlsFront.Protocols;

/// <summary>
/// Cuts what a client sends into lines. A line ends where any server could see an end, so that what is forwarded as one line is one to all of them;
/// its end is forwarded as CRLF, whatever it was.
/// </summary>
internal static class LineReader
{
    private static readonly SearchValues<byte> NeverInside = SearchValues.Create([(byte)'\0', (byte)'\r']);

    /// <summary>Looks for the line at the start of <paramref name="input"/>.</summary>
    /// <param name="input">Everything the client has sent and nobody consumed.</param>
    /// <param name="maximum">Most bytes of a line, line end included.</param>
    /// <param name="bareNewlines">Whether LF alone ends a line too.</param>
    /// <param name="line">The line without its end, if it is complete.</param>
    /// <param name="consumed">Bytes up to and including the line end, if there is one.</param>
    public static LineState Read(ReadOnlySpan<byte> input, int maximum, BareNewlines bareNewlines, out ReadOnlySpan<byte> line, out int consumed)
    {
        line = default;
        consumed = input.IndexOf((byte)'\n') + 1;
        if (consumed > maximum || (consumed == 0 && input.Length > maximum))
        {
            return LineState.TooLong;
        }

        if (consumed == 0)
        {
            return LineState.Incomplete;
        }

        var isBare = consumed < 2 || input[consumed - 2] != '\r';
        var content = input[..(consumed - (isBare ? 1 : 2))];
        if ((isBare && bareNewlines == BareNewlines.Reject) || content.ContainsAny(NeverInside))
        {
            return LineState.Malformed;
        }

        line = content;
        return LineState.Complete;
    }
}
