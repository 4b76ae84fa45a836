using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Unicode;
using TlsFront.Connections;

namespace TlsFront.Protocols.Smtp;

/// <summary>
/// The trace field put on top of every message (RFC 5321 section 4.4), with the <c>tls</c> and <c>group</c> clauses of RFC 8314 section 4.3.
/// </summary>
internal static class ReceivedHeader
{
    /// <summary>Longest field in octets. Taken off the SIZE a backend offers and added to the SIZE a client declares.</summary>
    public const int MaxLength = 1024;

    /// <summary>
    /// Stands for a client that is hidden. RFC 5321 section 4.4 demands a From clause, and in it a Domain or a literal with an address; this is
    /// a Domain that no host can have (RFC 6761 section 6.4), so nobody takes it for one or finds it.
    /// </summary>
    public const string HiddenClient = "hidden.invalid";

    /// <summary>Writes the field into <paramref name="into"/>, which holds <see cref="MaxLength"/>, and returns its length.</summary>
    public static int Write(Span<byte> into, SessionFacts facts, DateTimeOffset now, TraceInformation trace)
    {
        // With names at their longest the recipient is what can be spared.
        return TryWrite(into, facts, now, trace, out var length) || TryWrite(into, facts, now, trace with { Recipient = null }, out length)
            ? length
            : throw new InvalidOperationException("The Received field does not fit.");
    }

    private static bool TryWrite(Span<byte> into, SessionFacts facts, DateTimeOffset now, TraceInformation trace, out int length)
    {
        length = 0;
        return Append(TryWriteFrom(into, facts, trace, out var written), written, ref length)
            && Append(TryWriteBy(into[length..], facts, trace, out written), written, ref length)
            && Append(TryWriteFor(into[length..], trace, out written), written, ref length)
            && Append(TryWriteTls(into[length..], facts, trace, out written), written, ref length)
            && Append(TryWriteDate(into[length..], now, out written), written, ref length);
    }

    private static bool TryWriteFrom(Span<byte> into, SessionFacts facts, TraceInformation trace, out int written) => trace.HidesClient
        ? Utf8.TryWrite(into, $"Received: from {HiddenClient}\r\n", out written)
        : Utf8.TryWrite(into, CultureInfo.InvariantCulture, $"Received: from {trace.HelloName} ([{Literal(facts.Client.Address)}])\r\n", out written);

    private static bool TryWriteBy(Span<byte> into, SessionFacts facts, TraceInformation trace, out int written) => Utf8.TryWrite(
        into,
        CultureInfo.InvariantCulture,
        $"\tby {facts.HostName} with {Protocol(facts, trace)} id {facts.Id}.{trace.MessageNumber}",
        out written);

    private static bool TryWriteFor(Span<byte> into, TraceInformation trace, out int written)
    {
        written = 0;
        return trace.Recipient is null || Utf8.TryWrite(into, $"\r\n\tfor <{trace.Recipient}>", out written);
    }

    private static bool TryWriteTls(Span<byte> into, SessionFacts facts, TraceInformation trace, out int written)
    {
        written = 0;
        var group = trace.NamesGroup ? facts.Tls?.Group : null;
        return facts.Tls is not { } tls
            || Utf8.TryWrite(into, $"\r\n\ttls {tls.CipherSuite}{(group is null ? "" : " group ")}{group} ({Name(tls.Version)})", out written);
    }

    private static bool TryWriteDate(Span<byte> into, DateTimeOffset now, out int written)
    {
        var (offset, sign) = (now.Offset, now.Offset < TimeSpan.Zero ? '-' : '+');
        return Utf8.TryWrite(into, CultureInfo.InvariantCulture, $";\r\n\t{now:ddd, dd MMM yyyy HH:mm:ss} {sign}{offset:hhmm}\r\n", out written);
    }

    private static bool Append(bool fits, int written, ref int length)
    {
        length += written;
        return fits;
    }

    private static string Literal(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"IPv6:{address}" : $"{address}";

    // RFC 3848 and 6531. "S" also for implicit TLS (RFC 8314 section 4.3); HELO has no value with TLS in it.
    private static string Protocol(SessionFacts facts, TraceInformation trace) =>
        (trace.IsExtended, trace.IsInternationalized, facts.Tls is not null, trace.IsAuthenticated) switch
        {
            (false, _, _, _) => "SMTP",
            (_, false, false, false) => "ESMTP",
            (_, false, false, true) => "ESMTPA",
            (_, false, true, false) => "ESMTPS",
            (_, false, true, true) => "ESMTPSA",
            (_, true, false, false) => "UTF8SMTP",
            (_, true, false, true) => "UTF8SMTPA",
            (_, true, true, false) => "UTF8SMTPS",
            (_, true, true, true) => "UTF8SMTPSA",
        };

    // The clause cannot carry the version; a comment may stand before the semicolon.
    private static string Name(TlsVersion version) => version switch
    {
        TlsVersion.Ssl3 => "SSL3",
        TlsVersion.Tls10 => "TLS1.0",
        TlsVersion.Tls11 => "TLS1.1",
        TlsVersion.Tls12 => "TLS1.2",
        TlsVersion.Tls13 => "TLS1.3",
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, null),
    };
}
