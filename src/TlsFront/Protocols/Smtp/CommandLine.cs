using System.Buffers;
using System.Text;

namespace TlsFront.Protocols.Smtp;

/// <summary>Finds the lines a client sends outside message data. Only CRLF ends one; where else the backend might see an end, there is no line.</summary>
internal static class CommandLine
{
    /// <summary>Longest command in octets, CRLF included. RFC 5321's 512 and all extensions' additions stay below; Postfix reads as much.</summary>
    public const int MaxLength = 2048;

    /// <summary>Longest line of an AUTH exchange in octets without CRLF, its first command included, because OAuth tokens travel in it (RFC 4954 section 4).</summary>
    public const int MaxAuthenticationLength = 12288;

    private static readonly SearchValues<byte> Breaks = SearchValues.Create("\r\n\0"u8);

    /// <summary>Looks at the line <paramref name="input"/> begins with; <paramref name="length"/> counts its CRLF.</summary>
    public static LineFraming Find(ReadOnlySpan<byte> input, int limit, out int length)
    {
        length = 0;
        var window = input.Length > limit ? input[..limit] : input;
        var at = window.IndexOfAny(Breaks);
        if (at < 0 || (window[at] == '\r' && at + 1 == window.Length))
        {
            return window.Length == limit ? LineFraming.TooLong : LineFraming.Incomplete;
        }

        if (window[at] != '\r' || window[at + 1] != '\n')
        {
            return LineFraming.BareNewline;
        }

        length = at + 2;
        return LineFraming.Complete;
    }

    /// <summary>The limit for the command <paramref name="input"/> begins with.</summary>
    public static int LimitOf(ReadOnlySpan<byte> input) =>
        input.Length >= MaxLength && Ascii.EqualsIgnoreCase(input[..5], "AUTH "u8) ? MaxAuthenticationLength + 2 : MaxLength;
}
