namespace TlsFront.Tls.Certificates;

/// <summary>Tells binary files with certificates or keys apart by how their DER begins (X.690): tools give all of them the same extensions.</summary>
internal static class DerFile
{
    private const byte Integer = 0x02;
    private const byte ObjectIdentifier = 0x06;
    private const byte Sequence = 0x30;

    /// <summary>Whether it is PKCS #12: a SEQUENCE that begins with version 3 (RFC 7292 section 4).</summary>
    public static bool IsPkcs12(ReadOnlySpan<byte> content) => Inside(content) is [Integer, 1, 3, ..];

    /// <summary>What is wrong with the file at <paramref name="path"/> and how to convert it; null if it is no DER.</summary>
    public static string? Problem(string path, ReadOnlySpan<byte> content) => Inside(content) switch
    {
        [Sequence, ..] => $"{path}: the file is DER, not PEM; convert it: openssl x509 -inform der -in {path} -out ...",
        [ObjectIdentifier, ..] =>
            $"{path}: the file is PKCS #7 in DER, not PEM; convert it: openssl pkcs7 -inform der -print_certs -in {path} -out ...",
        [Integer, 1, 3, ..] => $"{path}: the file is PKCS #12, which holds certificate and key; name it in path, without key",
        [Integer, ..] => $"{path}: the private key is DER, not PEM; convert it: openssl pkey -inform der -in {path} -out ...",
        _ => null,
    };

    /// <summary>
    /// What is inside of the SEQUENCE that <paramref name="content"/> is; empty if it is none: unlike text, a short one ends where it says, and a
    /// long one has a length octet beyond ASCII.
    /// </summary>
    private static ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> content) => content switch
    {
        [Sequence, < 0x80 and var length, ..] when content.Length == 2 + length => content[2..],
        [Sequence, >= 0x80 and <= 0x84 and var length, ..] when content.Length > 2 + (length & 0x7F) => content[(2 + (length & 0x7F))..],
        _ => [],
    };
}
