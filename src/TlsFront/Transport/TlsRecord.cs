namespace TlsFront.Transport;

/// <summary>How plaintext is cut into records of TLS.</summary>
internal static class TlsRecord
{
    /// <summary>Most plaintext of one record, in bytes (RFC 8446 section 5.1).</summary>
    public const int MaxPlaintext = 16 * 1024;

    /// <summary>
    /// How many of <paramref name="bytes"/> the next record takes: all, or as many whole lines as fit. Devices of old read once a reply and take
    /// what one record brings for all of it.
    /// </summary>
    public static int NextLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= MaxPlaintext)
        {
            return bytes.Length;
        }

        var lines = bytes[..MaxPlaintext].LastIndexOf((byte)'\n') + 1;
        return lines > 0 ? lines : MaxPlaintext;
    }
}
