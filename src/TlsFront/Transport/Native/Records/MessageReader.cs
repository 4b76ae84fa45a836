namespace TlsFront.Transport.Native.Records;

/// <summary>
/// Where in a handshake message a direction is (RFC 8446 section 4, RFC 5246 section 7.4): type, length in three octets, and so many more. A message
/// may come in pieces.
/// </summary>
internal struct MessageReader
{
    private const int HeaderLength = 4;

    private int _headerRead;

    /// <summary>Its type, once its header was read.</summary>
    public byte Type { get; private set; }

    /// <summary>Octets of it that were not read, once its header was.</summary>
    public int Left { get; private set; }

    /// <summary>Whether one began and did not end.</summary>
    public readonly bool IsWithinMessage => _headerRead > 0;

    /// <summary>Reads what is missing of the header; false if there is not enough.</summary>
    public bool TryReadHeader(ref ReadOnlySpan<byte> content)
    {
        for (; _headerRead < HeaderLength && !content.IsEmpty; content = content[1..])
        {
            if (_headerRead++ == 0)
            {
                (Type, Left) = (content[0], 0);
            }
            else
            {
                Left = (Left << 8) | content[0];
            }
        }

        return _headerRead == HeaderLength;
    }

    /// <summary>Reads the rest of it and looks at nothing; false if there is not enough.</summary>
    public bool TrySkip(ref ReadOnlySpan<byte> content)
    {
        var count = Math.Min(Left, content.Length);
        content = content[count..];
        Left -= count;
        if (Left == 0)
        {
            _headerRead = 0;
        }

        return Left == 0;
    }
}
