using System.Net;
using System.Text;

namespace TlsFront.Protocols.Smtp;

/// <summary>
/// The name a client gives itself in EHLO or HELO. It is attacker text: only a proper Domain or address literal reaches <c>Received</c>.
/// </summary>
internal static class HelloName
{
    /// <summary>What stands in for anything else.</summary>
    public const string Unknown = "unknown";

    private const int MaxLength = 255;
    private const int MaxLabelLength = 63;

    /// <summary>The argument of EHLO or HELO as it may be written into a header.</summary>
    public static string Read(ReadOnlySpan<byte> argument)
    {
        argument = argument.TrimEnd((byte)' ');
        return IsDomain(argument) || IsLiteral(argument) ? Encoding.ASCII.GetString(argument) : Unknown;
    }

    // RFC 5321 section 4.1.2: Domain = sub-domain *("." sub-domain), letters, digits and inner hyphens.
    private static bool IsDomain(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > MaxLength)
        {
            return false;
        }

        foreach (var range in name.Split((byte)'.'))
        {
            var label = name[range];
            if (label.IsEmpty || label.Length > MaxLabelLength || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (var octet in label)
            {
                if (!char.IsAsciiLetterOrDigit((char)octet) && octet != '-')
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsLiteral(ReadOnlySpan<byte> name)
    {
        if (name.Length is < 3 or > 60 || name[0] != '[' || name[^1] != ']')
        {
            return false;
        }

        var address = name[1..^1];
        var isIPv6 = address.Length > 5 && Ascii.EqualsIgnoreCase(address[..5], "IPv6:"u8);
        address = isIPv6 ? address[5..] : address;
        var alphabet = isIPv6 ? "0123456789abcdefABCDEF:."u8 : "0123456789."u8;
        // The parser also takes "1" and octal numbers for IPv4: compared with how the address is really written.
        return !address.ContainsAnyExcept(alphabet) && IPAddress.TryParse(Encoding.ASCII.GetString(address), out var parsed)
            && (isIPv6 || Ascii.Equals(address, parsed.ToString()));
    }
}
