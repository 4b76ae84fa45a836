using System.Net;
using System.Net.Sockets;

namespace TlsFront.Configuration.Schema;

/// <summary>Rules of host names (RFC 1123 section 2.1, RFC 1035 section 2.3.4).</summary>
internal static class HostNames
{
    /// <summary>Characters of a whole name.</summary>
    public const int MaximumLength = 253;

    /// <summary>What is wrong with <paramref name="name"/>, or null.</summary>
    /// <param name="name">The name, without a final dot.</param>
    /// <param name="extra">A character beyond letters, digits and hyphens, or a hyphen for none.</param>
    public static string? Check(string name, char extra)
    {
        if (name.Length > MaximumLength)
        {
            return $"is longer than {MaximumLength} characters";
        }

        foreach (var label in name.Split('.'))
        {
            if (label.Length == 0)
            {
                return "has an empty part between its dots";
            }

            if (label.Length > 63)
            {
                return "has a part longer than 63 characters";
            }

            if (label[0] == '-' || label[^1] == '-')
            {
                return "has a part that begins or ends with a hyphen";
            }

            if (label.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter != '-' && letter != extra))
            {
                return "holds characters that no host name has";
            }
        }
        return name.Split('.')[^1].All(char.IsAsciiDigit) ? "looks like an IPv4 address but is none" : null;
    }

    /// <summary>Whether <paramref name="text"/> is an IPv4 address in the usual form.</summary>
    public static bool IsIPv4(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;

    /// <summary>Regular expression of a name: its last label is not all digits.</summary>
    /// <param name="extra">Characters beyond letters, digits and hyphens.</param>
    /// <param name="labels">How many labels come before the last: <c>*</c> or <c>+</c>.</param>
    public static string Pattern(string extra, string labels = "*")
    {
        var edge = $"[A-Za-z0-9{extra}]";
        var inner = $"[A-Za-z0-9{extra}-]";
        var letter = $"[A-Za-z{extra}]";
        return $"({edge}({inner}{{0,61}}{edge})?\\.){labels}([0-9]*{letter}({inner}{{0,61}}{edge})?|[0-9]+-{inner}{{0,60}}{edge})";
    }
}
