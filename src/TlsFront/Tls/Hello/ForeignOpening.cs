using System.Buffers;
using System.Buffers.Binary;
using TlsFront.Connections;

namespace TlsFront.Tls.Hello;

/// <summary>Tells first bytes that are not a TLS record, and what they are instead: usually a setting that is wrong on one side.</summary>
internal static class ForeignOpening
{
    private const int Longest = 12;
    private const byte ChangeCipherSpecRecord = 20;
    private const byte ApplicationDataRecord = 23;

    /// <summary>
    /// Null if <paramref name="header"/>, up to five octets, is or may become a record of SSL 3 or later, or, with its first bit set,
    /// a hello of SSL 2 not yet complete enough to tell.
    /// </summary>
    public static TlsRefusal? Check(ReadOnlySpan<byte> header, in ReadOnlySequence<byte> input)
    {
        // RFC 5246 appendix E.2: a two-octet length with the first bit set, type 1, version.
        if (header[0] >= 0x80)
        {
            return header switch
            {
                [_, _, not 1, ..] => NotTls(input),
                { Length: < 5 } => null,
                _ when BinaryPrimitives.ReadUInt16BigEndian(header[3..]) is 0x0002 or (>= 0x0300 and <= 0x03FF) =>
                    new(CloseReason.TlsVersionTooOld, TlsAlert.ProtocolVersion, "client sends a hello of SSL 2.0"),
                _ => NotTls(input),
            };
        }

        return header[0] is < ChangeCipherSpecRecord or > ApplicationDataRecord || header is [_, not 3, ..] ? NotTls(input) : null;
    }

    /// <summary>
    /// Judges what has come by now: one octet is enough to know that it is no TLS. A PROXY header is told only by its whole signature, which senders
    /// write at once; to wait for the rest of it would hold every foreign connection for the sake of a word, and "P" alone may as well be a POST.
    /// </summary>
    private static TlsRefusal NotTls(in ReadOnlySequence<byte> input)
    {
        Span<byte> buffer = stackalloc byte[Longest];
        var opening = buffer[..(int)Math.Min(input.Length, Longest)];
        input.Slice(0, opening.Length).CopyTo(opening);
        if (opening.StartsWith("PROXY "u8) || opening.SequenceEqual("\r\n\r\n\0\r\nQUIT\n"u8))
        {
            return new(
                CloseReason.ProxyHeaderUntrusted, null,
                "client sent a PROXY header, which is accepted from the listener's proxyProtocol.trustedNetworks alone");
        }

        return new(CloseReason.NotTls, null, $"client does not speak TLS: it sent {Describe(opening)}");
    }

    /// <summary>Words for the opening; never the opening itself, which may hold anything.</summary>
    private static string Describe(ReadOnlySpan<byte> opening)
    {
        if (Starts(opening, "EHLO "u8) || Starts(opening, "HELO "u8))
        {
            return "an SMTP command in plain text; set it to implicit TLS instead of STARTTLS or none";
        }

        if (Starts(opening, "GET "u8)
            || Starts(opening, "POST "u8)
            || Starts(opening, "HEAD "u8)
            || Starts(opening, "CONNECT "u8)
            || Starts(opening, "OPTIONS "u8))
        {
            return "an HTTP request";
        }

        return opening.TrimEnd("\r\n"u8).ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? "something else"
            : "plain text; set it to implicit TLS instead of STARTTLS or none";
    }

    private static bool Starts(ReadOnlySpan<byte> opening, ReadOnlySpan<byte> word) =>
        opening.Length >= word.Length && System.Text.Ascii.EqualsIgnoreCase(opening[..word.Length], word);
}
