using System.Buffers.Text;
using System.Text;

namespace TlsFront.Protocols.Smtp;

/// <summary>A BDAT command (RFC 3030 section 2).</summary>
/// <param name="Length">Octets that follow its CRLF.</param>
/// <param name="IsLast">Whether they end the message.</param>
internal readonly record struct ChunkCommand(long Length, bool IsLast)
{
    // Far above any message, and far from where adding the header could overflow here or in the backend.
    private const int MaxDigits = 15;

    /// <summary>Reads the arguments of BDAT: a plain number, and LAST or nothing. What else there is leaves nobody sure where the octets end.</summary>
    public static bool TryParse(ReadOnlySpan<byte> arguments, out ChunkCommand chunk)
    {
        chunk = default;
        arguments = arguments.Trim((byte)' ');
        if (arguments.IsEmpty || !char.IsAsciiDigit((char)arguments[0])
            || !Utf8Parser.TryParse(arguments, out long length, out var digits) || digits > MaxDigits)
        {
            return false;
        }

        var rest = arguments[digits..];
        var isLast = rest.Length > 4 && rest[0] == ' ' && Ascii.EqualsIgnoreCase(rest.TrimStart((byte)' '), "LAST"u8);
        chunk = new ChunkCommand(length, isLast);
        return isLast || rest.IsEmpty;
    }

    /// <summary>Writes the command anew, with <paramref name="more"/> octets added, so that the backend counts what was counted here.</summary>
    public int Write(Span<byte> into, int more)
    {
        System.Text.Unicode.Utf8.TryWrite(into, $"BDAT {Length + more}{(IsLast ? " LAST" : "")}\r\n", out var written);
        return written;
    }
}
