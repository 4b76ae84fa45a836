using System.Globalization;
using System.Text;

namespace TlsFront.ProxyProtocol;

/// <summary>A refused header as the log quotes it, for whoever runs the load balancer: printable ASCII, some hundred characters at most.</summary>
internal static class ProxyHeaderQuote
{
    /// <summary>Most octets of a version 2 header: all of it up to IPv6 addresses and ports, and the beginning of its fields.</summary>
    private const int MaximumV2 = 64;

    /// <summary>Quotes a header or what came of it: version 1 as text, with <c>\x0A</c> for a line feed; version 2 in hexadecimal.</summary>
    public static string Of(ReadOnlySpan<byte> header)
    {
        if (header.IsEmpty || header[0] != ProxyHeaderFormat.SignatureV1[0])
        {
            return header.Length <= MaximumV2 ? Convert.ToHexString(header) : Convert.ToHexString(header[..MaximumV2]) + "...";
        }

        var text = new StringBuilder("\"");
        foreach (var octet in header[..Math.Min(header.Length, ProxyHeaderFormat.MaximumV1)])
        {
            _ = octet is >= (byte)' ' and <= (byte)'~'
                ? text.Append((char)octet)
                : text.Append(CultureInfo.InvariantCulture, $"\\x{octet:X2}");
        }

        return text.Append('"').ToString();
    }
}
