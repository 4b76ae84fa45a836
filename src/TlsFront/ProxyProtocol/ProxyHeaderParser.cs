using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TlsFront.Connections;

namespace TlsFront.ProxyProtocol;

/// <summary>
/// Reads the header a front puts before a client's first bytes (PROXY protocol sections 2.1 and 2.2). Pure, and strict: a front that writes
/// something else has a bug, and a guess would give one client the address of another.
/// </summary>
internal static class ProxyHeaderParser
{
    /// <summary>Longest header of version 2, signature included. Real ones with every field take less than 1 KB; only CLIENT_CERT could ask for more.</summary>
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

        refusal = new(CloseReason.ProxyHeaderMissing, input[0] == 0x16 ? "TLS begins where the PROXY header belongs" : "the first bytes are no PROXY header");
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
            return line.Length < ProxyHeaderFormat.MaximumV1 ? OperationStatus.NeedMoreData : Refuse("its line is longer than 107 octets", out refusal);
        }

        length = end + 2;
        if (!line[end..].StartsWith("\r\n"u8))
        {
            return Refuse("its line holds a control character or does not end with CR LF", out refusal);
        }

        header = ReadLine(line[..end][ProxyHeaderFormat.SignatureV1.Length..]);
        return header is null ? Refuse("its line names no valid family, addresses and ports", out refusal) : OperationStatus.Done;
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
        return count == parts.Length
            && TryReadAddress(text[parts[1]], family, out var source)
            && TryReadAddress(text[parts[2]], family, out var destination)
            && TryReadPort(text[parts[3]], out var sourcePort)
            && TryReadPort(text[parts[4]], out var destinationPort)
            ? new(new(source, sourcePort), new(destination, destinationPort), default)
            : null;
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> text, AddressFamily family, out IPAddress address)
    {
        // The platform's parser also takes zones, brackets, hexadecimal and octal numbers and fewer than four parts.
        if (text.ContainsAnyExcept(V6Characters) || !IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != family)
        {
            address = IPAddress.None;
            return false;
        }

        Span<byte> canonical = stackalloc byte[ProxyHeaderFormat.MaximumV1];
        address = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        return family == AddressFamily.InterNetworkV6 || (parsed.TryFormat(canonical, out var written) && text.SequenceEqual(canonical[..written]));
    }

    private static bool TryReadPort(ReadOnlySpan<byte> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue && (text.Length == 1 || text[0] != '0');

    private static OperationStatus Refuse(string detail, out ProxyHeaderRefusal refusal)
    {
        refusal = new(CloseReason.ProxyHeaderInvalid, $"broken PROXY header: {detail}");
        return OperationStatus.InvalidData;
    }
}
