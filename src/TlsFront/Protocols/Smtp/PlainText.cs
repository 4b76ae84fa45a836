using System.Runtime.Intrinsics;

namespace TlsFront.Protocols.Smtp;

/// <summary>The fast path of message data: finds text that needs no look, at a few instructions for 16 octets.</summary>
internal static class PlainText
{
    /// <summary>
    /// Returns how far <paramref name="input"/> can be forwarded unread from <paramref name="start"/> on: there every CR is followed by LF,
    /// every LF preceded by CR, no line begins with a dot, and there is no NUL. Stops early rather than late, never between CR and LF;
    /// returns <paramref name="start"/> when the octets there need a look.
    /// </summary>
    public static int SkipFrom(ReadOnlySpan<byte> input, int start)
    {
        var position = start;
        if (start < input.Length && input[start] == '\n')
        {
            return start;
        }

        // The octet behind each block is looked at too.
        while (position + Vector128<byte>.Count < input.Length)
        {
            var block = Vector128.Create(input.Slice(position, Vector128<byte>.Count));
            var successors = Vector128.Create(input.Slice(position + 1, Vector128<byte>.Count));
            var endsOfLines = Vector128.Equals(successors, Vector128.Create((byte)'\n'));
            var oneSided = Vector128.Equals(block, Vector128.Create((byte)'\r')) ^ endsOfLines;
            var dots = Vector128.Equals(block, Vector128.Create((byte)'\n')) & Vector128.Equals(successors, Vector128.Create((byte)'.'));
            if ((oneSided | dots | Vector128.Equals(block, Vector128<byte>.Zero)) != Vector128<byte>.Zero)
            {
                break;
            }

            position += Vector128<byte>.Count;
        }

        return position > start && input[position - 1] == '\r' ? position - 1 : position;
    }
}
