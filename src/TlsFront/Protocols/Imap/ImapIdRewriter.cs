namespace TlsFront.Protocols.Imap;

/// <summary>
/// Forwards the fields of an ID that was found in order, field by field because a call may not emit all of it: without those of a proxy, one
/// space apart, literals as quoted strings.
/// </summary>
internal struct ImapIdRewriter
{
    // Of a literal, at a time; each may need an escape.
    private const int MaxPiece = 256;

    private int _literalLeft;
    private bool _isAtValue;

    /// <summary>Fields forwarded.</summary>
    public int Fields { get; private set; }

    /// <summary>Whether the list ended.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Forwards what there is room for; returns how much of the list was taken, its parenthesis included.</summary>
    public int Forward(ReadOnlySpan<byte> list, ref Emitter to)
    {
        var at = 0;
        while (!IsComplete && to.HasRoomFor(4 * MaxPiece))
        {
            at += _literalLeft > 0 ? Quote(list[at..], ref to) : _isAtValue ? ForwardValue(list[at..], ref to) : ForwardKey(list[at..], ref to);
        }

        return at;
    }

    private int ForwardKey(ReadOnlySpan<byte> rest, ref Emitter to)
    {
        if (rest[0] == ' ')
        {
            return 1;
        }

        if (rest[0] == ')')
        {
            IsComplete = true;
            return 1;
        }

        var key = ImapId.ReadString(rest, out var name, out var header);
        if (ImapId.IsProxys(name))
        {
            return key + 1 + ImapId.ReadValue(rest[(key + 1)..], out _);
        }

        to.ToBackend(Fields++ > 0 ? " "u8 : default);
        _isAtValue = true;
        return ForwardString(rest, key, header, ref to);
    }

    private int ForwardValue(ReadOnlySpan<byte> rest, ref Emitter to)
    {
        to.ToBackend(" "u8);
        _isAtValue = false;
        var value = rest[1..];
        var length = ImapId.ReadString(value, out _, out var header);
        return 1 + (length == 0 ? ForwardString(value, "NIL"u8.Length, 0, ref to) : ForwardString(value, length, header, ref to));
    }

    private int ForwardString(ReadOnlySpan<byte> text, int length, int header, ref Emitter to)
    {
        if (header == 0)
        {
            to.ToBackend(text[..length]);
            return length;
        }

        _literalLeft = length - header;
        to.ToBackend(_literalLeft > 0 ? "\""u8 : "\"\""u8);
        return header;
    }

    private int Quote(ReadOnlySpan<byte> rest, ref Emitter to)
    {
        var piece = rest[..Math.Min(_literalLeft, MaxPiece)];
        _literalLeft -= piece.Length;
        if (piece.ContainsAny((byte)'"', (byte)'\\'))
        {
            Span<byte> escaped = stackalloc byte[2 * MaxPiece];
            var length = 0;
            foreach (var octet in piece)
            {
                if (octet is (byte)'"' or (byte)'\\')
                {
                    escaped[length++] = (byte)'\\';
                }

                escaped[length++] = octet;
            }

            to.ToBackend(escaped[..length]);
        }
        else
        {
            to.ToBackend(piece);
        }

        to.ToBackend(_literalLeft == 0 ? "\""u8 : default);
        return piece.Length;
    }
}
