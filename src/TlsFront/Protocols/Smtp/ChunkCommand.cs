using System.Buffers.Text;
using System.Text;

namespace TlsFront.Protocols.Smtp;

/// <summary>A BDAT command (RFC 3030 section 2).</summary>
/// <param name="Length">Octets that follow its CRLF.</param>
/// <param name="IsLast">Whether they end the message.</param>
internal readonly record struct ChunkCommand(long Length, bool IsLast)
{
    /// <summary>
    /// Most octets of a chunk: with our field on top it stays below 2^31. A backend that counts in 32 bits (Exim) would end a longer one
    /// elsewhere than the client does and run the rest of it as commands.
    /// </summary>
    public const long MaxLength = int.MaxValue - ReceivedHeader.MaxLength;

    /// <summary>
    /// Reads the arguments of BDAT: a plain number, and LAST or nothing. Anything else, and a number above <see cref="MaxLength"/>, leaves
    /// nobody sure where the octets end; the reply to it is the result, <see cref="LocalReply.None"/> if there is nothing to object to.
    /// </summary>
    public static LocalReply Read(ReadOnlySpan<byte> arguments, out ChunkCommand chunk)
    {
        chunk = default;
        arguments = arguments.Trim((byte)' ');
        if (arguments.IsEmpty || !char.IsAsciiDigit((char)arguments[0]) || !Utf8Parser.TryParse(arguments, out long length, out var digits))
        {
            return LocalReply.MalformedChunk;
        }

        var rest = arguments[digits..];
        var isLast = rest.Length > 4 && rest[0] == ' ' && Ascii.EqualsIgnoreCase(rest.TrimStart((byte)' '), "LAST"u8);
        chunk = new ChunkCommand(length, isLast);
        return !isLast && !rest.IsEmpty ? LocalReply.MalformedChunk
            : length > MaxLength ? LocalReply.ChunkTooLarge
            : LocalReply.None;
    }

    /// <summary>Writes the command anew, with <paramref name="more"/> octets added, so that the backend counts what was counted here.</summary>
    public int Write(Span<byte> into, int more)
    {
        System.Text.Unicode.Utf8.TryWrite(into, $"BDAT {Length + more}{(IsLast ? " LAST" : "")}\r\n", out var written);
        return written;
    }
}
