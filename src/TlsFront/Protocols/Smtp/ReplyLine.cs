namespace TlsFront.Protocols.Smtp;

/// <summary>What one line of a backend's reply says about the reply (RFC 5321 section 4.2).</summary>
/// <param name="Code">The three digits, 200 to 599.</param>
/// <param name="IsLast">Whether the reply ends with this line.</param>
internal readonly record struct ReplyLine(int Code, bool IsLast)
{
    /// <summary>Longest line accepted, in octets; RFC 5321 allows 512.</summary>
    public const int MaxLength = 8192;

    /// <summary>Whether the command succeeded.</summary>
    public bool IsPositive => Code is >= 200 and < 300;

    /// <summary>Whether the backend waits for more from the client.</summary>
    public bool IsIntermediate => Code is >= 300 and < 400;

    /// <summary>Reads a line with its line end.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ReplyLine reply)
    {
        reply = default;
        if (line.Length < 4 || !char.IsBetween((char)line[0], '2', '5') || !char.IsAsciiDigit((char)line[1]) || !char.IsAsciiDigit((char)line[2])
            || line[3] is not ((byte)'-' or (byte)' ' or (byte)'\r' or (byte)'\n'))
        {
            return false;
        }

        reply = new ReplyLine(((line[0] - '0') * 100) + ((line[1] - '0') * 10) + line[2] - '0', line[3] != '-');
        return true;
    }

    /// <summary>Finds a whole reply of one or more lines. Not found and not malformed means that more bytes are needed.</summary>
    public static bool TryFindReply(ReadOnlySpan<byte> input, out int length, out ReplyLine last, out bool malformed)
    {
        last = default;
        malformed = false;
        for (length = 0; input[length..].IndexOf((byte)'\n') is >= 0 and var end;)
        {
            if (!TryParse(input.Slice(length, end + 1), out last))
            {
                malformed = true;
                return false;
            }

            length += end + 1;
            if (last.IsLast)
            {
                return true;
            }
        }

        malformed = input.Length > MaxLength;
        return false;
    }
}
