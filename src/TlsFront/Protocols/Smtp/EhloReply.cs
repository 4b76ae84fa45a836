using System.Buffers.Text;
using System.Text;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Smtp;

/// <summary>
/// Rewrites the backend's answer to EHLO, so that the client is offered only what works through the gateway. Lines are forwarded as
/// slices; the last one kept gets the framing of a last line.
/// </summary>
internal static class EhloReply
{
    // Worst case of one line, or one piece of an AUTH list: framing and SIZE number; and the goodbye of who finds no room for the next.
    private const int RoomForOneLine = 64 + LocalReplies.MaxLength;

    /// <summary>
    /// Sends the rewritten <paramref name="reply"/> (complete and positive) to the client. False when it is too fragmented for one call.
    /// </summary>
    public static bool Relay(ReadOnlySpan<byte> reply, ref Emitter to, out SmtpExtensions offered)
    {
        offered = SmtpExtensions.None;
        var lastKept = 0;
        var number = 0;
        for (var rest = reply; !rest.IsEmpty; number++)
        {
            var line = NextLine(ref rest);
            if (IsKept(line, number))
            {
                lastKept = number;
                offered = number > 0 && line.Length > 5 ? Add(offered, line[4..]) : offered;
            }
        }

        number = 0;
        for (var rest = reply; !rest.IsEmpty; number++)
        {
            var line = NextLine(ref rest);
            if (IsKept(line, number) && !RelayLine(line, number, number == lastKept, ref to))
            {
                return false;
            }
        }

        return true;
    }

    private static SmtpExtensions Add(SmtpExtensions offered, ReadOnlySpan<byte> text) => offered with
    {
        HasLogin = offered.HasLogin || IsKeyword(text, "AUTH"u8),
        HasChunking = offered.HasChunking || IsAlone(text, "CHUNKING"u8),
        HasPipelining = offered.HasPipelining || IsAlone(text, "PIPELINING"u8),
        MaxSize = TryReadSize(text, out var size, out _) && size < offered.MaxSize ? size : offered.MaxSize,
    };

    // What the gateway adds must still fit: RFC 1870 counts the field, and 0 would mean "no limit".
    private static bool TryReadSize(ReadOnlySpan<byte> text, out long size, out int digits)
    {
        size = 0;
        digits = 0;
        if (!IsKeyword(text, "SIZE"u8) || !Utf8Parser.TryParse(text[5..], out ulong limit, out digits) || limit == 0)
        {
            return false;
        }

        size = limit > ReceivedHeader.MaxLength ? (long)Math.Min(limit - ReceivedHeader.MaxLength, long.MaxValue) : 1;
        return true;
    }

    private static bool RelayLine(ReadOnlySpan<byte> line, int number, bool isLast, ref Emitter to)
    {
        if (!to.HasRoomFor(RoomForOneLine))
        {
            return false;
        }

        var text = line[3] == '\r' || line[3] == '\n' ? line[3..] : line[4..];
        if (line[3] == (isLast ? ' ' : '-'))
        {
            to.ToClient(line[..4]);
        }
        else
        {
            to.ToClient(line[..3]);
            to.ToClient(isLast ? " "u8 : "-"u8);
        }

        if (number > 0 && IsKeyword(text, "AUTH"u8))
        {
            return RelayMechanisms(text, ref to);
        }

        if (number > 0 && TryReadSize(text, out var size, out var digits))
        {
            if (!to.HasRoomFor(RoomForOneLine))
            {
                return false;
            }

            to.ToClient(text[..5]);
            EmitNumber(size, ref to);
            to.ToClient(text[(5 + digits)..]);
            return true;
        }

        to.ToClient(text);
        return true;
    }

    // "AUTH PLAIN LOGIN", or "AUTH=PLAIN LOGIN" as clients before RFC 2554 want it.
    private static bool RelayMechanisms(ReadOnlySpan<byte> text, ref Emitter to)
    {
        to.ToClient(text[..4]);
        var separator = text.Slice(4, 1);
        for (var rest = text[5..]; NextMechanism(ref rest, out var mechanism);)
        {
            if (!SaslMechanisms.SurvivesReading(mechanism))
            {
                continue;
            }

            if (!to.HasRoomFor(RoomForOneLine))
            {
                return false;
            }

            to.ToClient(separator);
            to.ToClient(mechanism);
            separator = " "u8;
        }

        to.ToClient("\r\n"u8);
        return true;
    }

    private static bool IsKept(ReadOnlySpan<byte> line, int number)
    {
        if (number == 0 || line.Length < 5)
        {
            return true;
        }

        var text = line[4..];
        if (IsKeyword(text, "AUTH"u8))
        {
            for (var rest = text.Length > 5 ? text[5..] : default; NextMechanism(ref rest, out var mechanism);)
            {
                if (SaslMechanisms.SurvivesReading(mechanism))
                {
                    return true;
                }
            }

            return false;
        }

        // PRDR: a verdict for each recipient before the one for the message, so that replies could no longer be counted.
        return !IsKeyword(text, "PRDR"u8) && !IsKeyword(text, "STARTTLS"u8)
            && !IsKeyword(text, "XCLIENT"u8) && !IsKeyword(text, "XFORWARD"u8) && !IsKeyword(text, "BURL"u8)
            && !IsKeyword(text, "ETRN"u8) && !IsKeyword(text, "ATRN"u8) && !IsKeyword(text, "TURN"u8);
    }

    private static bool IsKeyword(ReadOnlySpan<byte> text, ReadOnlySpan<byte> keyword) =>
        text.Length > keyword.Length && Ascii.EqualsIgnoreCase(text[..keyword.Length], keyword)
        && text[keyword.Length] is (byte)' ' or (byte)'\t' or (byte)'=' or (byte)'\r' or (byte)'\n';

    // Neither has parameters: with some it would be another extension.
    private static bool IsAlone(ReadOnlySpan<byte> text, ReadOnlySpan<byte> keyword) => Ascii.EqualsIgnoreCase(text.TrimEnd(" \t\r\n"u8), keyword);

    private static ReadOnlySpan<byte> NextLine(scoped ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n') + 1;
        var line = rest[..end];
        rest = rest[end..];
        return line;
    }

    private static bool NextMechanism(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> mechanism)
    {
        rest = rest.Trim(" \t\r\n"u8);
        var end = rest.IndexOfAny((byte)' ', (byte)'\t');
        mechanism = end < 0 ? rest : rest[..end];
        rest = rest[mechanism.Length..];
        return !mechanism.IsEmpty;
    }

    private static void EmitNumber(long number, ref Emitter to)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out var length);
        to.ToClient(digits[..length]);
    }
}
