using System.Buffers;
using System.Text;

namespace TlsFront.Tls.Hello;

/// <summary>Rules for the server names clients ask for (RFC 6066 section 3): such a name goes into logs, routes and PROXY headers.</summary>
internal static class ServerName
{
    /// <summary>Longest name without its trailing dot (RFC 1035 section 3.1).</summary>
    private const int MaximumLength = 253;

    private static readonly SearchValues<byte> LettersDigitsHyphenDot = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."u8);

    /// <summary>
    /// The name in lower case and without a trailing dot, or null if it is no DNS host name: anything but letters, digits and hyphens in labels,
    /// or an address literal, which RFC 6066 forbids and old clients send nevertheless.
    /// </summary>
    public static string? Normalize(ReadOnlySpan<byte> name)
    {
        if (name is [.., (byte)'.'])
        {
            name = name[..^1];
        }

        if (name.IsEmpty || name.Length > MaximumLength || name.ContainsAnyExcept(LettersDigitsHyphenDot))
        {
            return null;
        }

        var last = default(ReadOnlySpan<byte>);
        foreach (var range in name.Split((byte)'.'))
        {
            last = name[range];
            if (last.IsEmpty || last.Length > 63 || last[0] == '-' || last[^1] == '-')
            {
                return null;
            }
        }

        // No top level domain is a number, every IPv4 literal ends in one.
        return last.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? Encoding.ASCII.GetString(name).ToLowerInvariant() : null;
    }
}
