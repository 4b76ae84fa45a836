namespace TlsFront.Demo.Pop3;

/// <summary>The multi-line form of a message (RFC 1939 section 3): dots stuffed, ended by a dot.</summary>
internal static class Pop3Message
{
    /// <summary>Writes the header and at most that many lines of the body.</summary>
    public static void Write(LineConnection connection, ReadOnlySpan<byte> content, int bodyLines)
    {
        var inBody = false;
        while (!content.IsEmpty)
        {
            if (inBody && bodyLines-- == 0)
            {
                break;
            }

            var end = content.IndexOf("\r\n"u8);
            var line = end < 0 ? content : content[..end];
            if (line.StartsWith("."u8))
            {
                connection.Write("."u8);
            }

            connection.Write(line);
            connection.Write("\r\n"u8);
            inBody |= line.IsEmpty;
            content = end < 0 ? [] : content[(end + 2)..];
        }

        connection.Write(".\r\n"u8);
    }
}
