using System.Buffers;

namespace TlsFront.Protocols.Smtp;

/// <summary>
/// The octets between 354 and the end of data, forwarded so that the backend sees exactly one end of data: the CRLF.CRLF the client
/// framed (SMTP smuggling, CVE-2023-51764). Under <see cref="BareNewlines.Normalize"/> a bare LF becomes CRLF, a bare CR or a NUL
/// becomes a space (never nothing, or its neighbours would meet), and a line that is a lone dot only because of that becomes "..".
/// Under <see cref="BareNewlines.Reject"/> nothing is forwarded from the first of them on.
/// </summary>
internal struct DataContent(BareNewlines rule)
{
    // One rewritten octet: up to three insertions and two slices.
    private const int RoomForOneChange = 8;

    private static readonly SearchValues<byte> Specials = SearchValues.Create("\r\n\0"u8);

    private LineStart _line = LineStart.AfterCrlf;

    private enum LineStart : byte
    {
        /// <summary>At the start of a line the client framed by CRLF, or of the message.</summary>
        AfterCrlf,

        /// <summary>At the start of a line that exists only because a bare LF was rewritten.</summary>
        AfterBareLineFeed,

        /// <summary>Not at the start of a line.</summary>
        Inside,
    }

    /// <summary>Whether the message holds what the rule rejects; the rest of it is swallowed.</summary>
    public bool IsRejected { get; private set; }

    /// <summary>Forwards nothing from here on; the end is found as before.</summary>
    public void Discard() => IsRejected = true;

    /// <summary>
    /// Forwards what can be; true when the end of data was forwarded (or reached, if rejected) as the last of <paramref name="consumed"/>.
    /// </summary>
    /// <remarks>An unconsumed rest of one or two octets needs its successor to be understood; a longer one waits for room.</remarks>
    public bool Copy(ReadOnlySpan<byte> input, ref Emitter to, out int consumed)
    {
        var sent = 0;
        var position = 0;
        while (position < input.Length && to.HasRoomFor(RoomForOneChange))
        {
            if (_line != LineStart.Inside && input[position] == '.')
            {
                var line = input[position..];
                if (line.Length == 1 || (line[1] == '\r' && line.Length == 2))
                {
                    break;
                }

                var isCrlf = line[1] == '\r' && line[2] == '\n';
                if (isCrlf && _line == LineStart.AfterCrlf)
                {
                    consumed = position + 3;
                    Forward(input[sent..consumed], ref to);
                    return true;
                }

                if (isCrlf || line[1] == '\n')
                {
                    Forward(input[sent..position], ref to);
                    Forward("."u8, ref to);
                    sent = position;
                }

                _line = LineStart.Inside;
                position++;
                continue;
            }

            if (PlainText.SkipFrom(input, position) is var next && next > position)
            {
                position = next;
                _line = input[position - 1] == '\n' ? LineStart.AfterCrlf : LineStart.Inside;
                continue;
            }

            var special = input[position..].IndexOfAny(Specials);
            if (special != 0)
            {
                _line = LineStart.Inside;
                position = special < 0 ? input.Length : position + special;
                continue;
            }

            if (input[position] == '\r' && position + 1 == input.Length)
            {
                break;
            }

            if (input[position] == '\r' && input[position + 1] == '\n')
            {
                position += 2;
                _line = LineStart.AfterCrlf;
                continue;
            }

            Forward(input[sent..position], ref to);
            IsRejected |= rule == BareNewlines.Reject;
            if (input[position] == '\n')
            {
                Forward("\r"u8, ref to);
                sent = position++;
                _line = LineStart.AfterBareLineFeed;
            }
            else
            {
                Forward(" "u8, ref to);
                sent = ++position;
                _line = LineStart.Inside;
            }
        }

        Forward(input[sent..position], ref to);
        consumed = position;
        return false;
    }

    private readonly void Forward(ReadOnlySpan<byte> bytes, ref Emitter to)
    {
        if (!IsRejected)
        {
            to.ToBackend(bytes);
        }
    }
}
