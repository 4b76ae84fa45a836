using System.Text;

namespace TlsFront.Protocols.Smtp;

/// <summary>Lines a client sends outside message data, as <see cref="LineReader"/> found them, with their ends.</summary>
internal static class SmtpLine
{
    /// <summary>
    /// Longest command in octets, CRLF included. RFC 5321's 512 and all extensions' additions stay below; so does, with what a greater SIZE and a
    /// whole line end add to it, the 2048 behind which Postfix reads the rest as another command.
    /// </summary>
    public const int MaxLength = 2040;

    /// <summary>
    /// Longest line of an AUTH exchange in octets without CRLF, its first command included, because OAuth tokens travel in it (RFC 4954
    /// section 4).
    /// </summary>
    public const int MaxAuthenticationLength = 12288;

    /// <summary>A line found, without its end.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> line) => line[..^(line.EndsWith("\r\n"u8) ? 2 : 1)];

    /// <summary>Sends <paramref name="text"/>, the beginning of <paramref name="line"/> or all of it but its end, as a line to the backend.</summary>
    public static void Forward(ReadOnlySpan<byte> line, ReadOnlySpan<byte> text, ref Emitter to)
    {
        var isWhole = line.Length == text.Length + 2 && line.EndsWith("\r\n"u8);
        to.ToBackend(isWhole ? line : text);
        to.ToBackend(isWhole ? default : "\r\n"u8);
    }

    /// <summary>The limit for the command <paramref name="input"/> begins with.</summary>
    public static int LimitOf(ReadOnlySpan<byte> input) =>
        input.Length >= MaxLength && Ascii.EqualsIgnoreCase(input[..5], "AUTH "u8) ? MaxAuthenticationLength + 2 : MaxLength;
}
