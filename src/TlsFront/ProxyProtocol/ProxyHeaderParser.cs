using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TlsFront.Connections;

namespace TlsFront.ProxyProtocol;

/// <summary>
/// Reads the header a front puts before a client's first bytes (PROXY protocol sections 2.1 and 2.2). Pure, and strict where the client is concerned:
/// a guess would give one client the address of another. Only the destination may be anything, since nothing depends on it.
/// </summary>
internal static class ProxyHeaderParser
{
    /// <summary>
    /// Longest header of version 2, signature included. Real ones with every field take less than 1 KB; only CLIENT_CERT could ask for more.
    /// </summary>
    public const int MaximumLength = 4096;

    /// <summary>The shortest header there is, "PROXY UNKNOWN" and its CRLF.</summary>
    private const int MinimumLength = 15;

    private static readonly SearchValues<byte> V6Characters = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Reads the header at the start of <paramref name="input"/>, all that was received so far.</summary>
    /// <param name="input">The first bytes of a connection.</param>
    /// <param name="length">Length of the header once it is complete; before that how much of it is needed, more than there is.</param>
    /// <param name="header">The header; null unless done.</param>
    /// <param name="refusal">What is wrong; null unless the data are invalid.</param>
    public static OperationStatus Parse(ReadOnlySpan<byte> input, out int length, out ProxyHeader? header, out ProxyHeaderRefusal? refusal)
    {
        (length, header, refusal) = (1, null, null);
        if (input.IsEmpty)
        {
            return OperationStatus.NeedMoreData;
        }

        if (BeginsLike(input, ProxyHeaderFormat.SignatureV1))
        {
            return ParseV1(input, out length, out header, out refusal);
        }

        if (BeginsLike(input, ProxyHeaderFormat.SignatureV2))
        {
            return ProxyHeaderV2Parser.Parse(input, out length, out header, out refusal);
        }

        // Not quoted, unlike a broken header: it may be a client's own command, and that a password.
        const string NotTls = "the first bytes are no PROXY header";
        refusal = new(CloseReason.ProxyHeaderMissing, input[0] == 0x16 ? "TLS begins where the PROXY header belongs" : NotTls);
        return OperationStatus.InvalidData;
    }

    private static bool BeginsLike(ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
    {
        var common = Math.Min(input.Length, signature.Length);
        return input[..common].SequenceEqual(signature[..common]);
    }

    private static OperationStatus ParseV1(ReadOnlySpan<byte> input, out int length, out ProxyHeader? header, out ProxyHeaderRefusal? refusal)
    {
        (header, refusal) = (null, null);
        var line = input[..Math.Min(input.Length, ProxyHeaderFormat.MaximumV1)];
        var end = line.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        if (end < 0 || (end == line.Length - 1 && line[end] == '\r'))
        {
            length = Math.Max(input.Length + 1, MinimumLength);
            return line.Length < ProxyHeaderFormat.MaximumV1
                ? OperationStatus.NeedMoreData
                : Refuse("its line is longer than 107 octets", line, out refusal);
        }

        length = end + 2;
        if (!line[end..].StartsWith("\r\n"u8))
        {
            var last = line[end] == '\r' ? end + 2 : end + 1;
            return Refuse("its line holds a control character or does not end with CR LF", line[..Math.Min(last, line.Length)], out refusal);
        }

        header = ReadLine(line[..end][ProxyHeaderFormat.SignatureV1.Length..]);
        return header is null ? Refuse("its line names no valid family, client address and ports", line[..end], out refusal) : OperationStatus.Done;
    }

    /// <summary>What follows the signature: family, source, destination and their ports, one space between each two.</summary>
    private static ProxyHeader? ReadLine(ReadOnlySpan<byte> text)
    {
        // Whatever follows UNKNOWN is to be ignored (section 2.1).
        if (text.SequenceEqual("UNKNOWN"u8) || text.StartsWith("UNKNOWN "u8))
        {
            return ProxyHeader.WithoutAddresses;
        }

        Span<Range> parts = stackalloc Range[5];
        var count = 0;
        foreach (var part in text.Split((byte)' '))
        {
            if (count == parts.Length)
            {
                return null;
            }

            parts[count++] = part;
        }

        var family = text[parts[0]].SequenceEqual("TCP4"u8) ? AddressFamily.InterNetwork
            : text[parts[0]].SequenceEqual("TCP6"u8) ? AddressFamily.InterNetworkV6
            : AddressFamily.Unknown;
        if (count != parts.Length
            || ReadAddress(text[parts[1]]) is not { } source
            || source.AddressFamily != family
            || !TryReadPort(text[parts[3]], out var sourcePort)
            || !TryReadPort(text[parts[4]], out var destinationPort))
        {
            return null;
        }

        // The family is the client's. nginx writes behind it whatever its own listener has: an address of the other family, or a Unix socket's path.
        var destination = ReadAddress(text[parts[2]]);
        return new(EndPoint(source, sourcePort), destination is null ? null : EndPoint(destination, destinationPort), default);
    }

    private static IPAddress? ReadAddress(ReadOnlySpan<byte> text)
    {
        // The platform's parser also takes zones, brackets, hexadecimal and octal numbers and fewer than four parts.
        if (text.ContainsAnyExcept(V6Characters) || !IPAddress.TryParse(text, out var address))
        {
            return null;
        }

        Span<byte> canonical = stackalloc byte[ProxyHeaderFormat.MaximumV1];
        var isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        return isV6 || (address.TryFormat(canonical, out var written) && text.SequenceEqual(canonical[..written])) ? address : null;
    }

    private static IPEndPoint EndPoint(IPAddress address, int port) => new(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);

    private static bool TryReadPort(ReadOnlySpan<byte> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port <= ushort.MaxValue
            && (text.Length == 1 || text[0] != '0');

    private static OperationStatus Refuse(string problem, ReadOnlySpan<byte> line, out ProxyHeaderRefusal refusal)
    {
        refusal = new(CloseReason.ProxyHeaderInvalid, $"broken PROXY header: {problem}: {ProxyHeaderQuote.Of(line)}");
        return OperationStatus.InvalidData;
    }
}
