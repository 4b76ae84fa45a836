using System.Security.Cryptography;
using System.Text;

namespace TlsFront.Transport.Native.Records;

/// <summary>What follows from a traffic secret (RFC 8446 sections 7.2 and 7.3).</summary>
internal static class KeySchedule
{
    private static readonly byte[] Key = Label("key");
    private static readonly byte[] Vector = Label("iv");
    private static readonly byte[] Update = Label("traffic upd");

    /// <summary>Key and IV of one direction.</summary>
    public static void Derive(AeadSuite suite, ReadOnlySpan<byte> secret, Span<byte> key, Span<byte> vector)
    {
        Expand(suite, secret, Key, key);
        Expand(suite, secret, Vector, vector);
    }

    /// <summary>Replaces a traffic secret by the next one (RFC 8446 section 7.2).</summary>
    public static void Advance(AeadSuite suite, Span<byte> secret)
    {
        Expand(suite, secret, Update, secret);
    }

    /// <summary>
    /// HKDF-Expand-Label with an empty context (RFC 8446 section 7.1). No output is longer than the hash, so one block of
    /// HKDF-Expand is left, an HMAC (RFC 5869 section 2.3), and no copy of the output stays behind.
    /// </summary>
    private static void Expand(AeadSuite suite, ReadOnlySpan<byte> secret, byte[] label, Span<byte> output)
    {
        Span<byte> info = stackalloc byte[4 + label.Length];
        (info[0], info[1], info[^2], info[^1]) = (0, (byte)output.Length, 0, 1);
        label.CopyTo(info[2..]);
        Span<byte> block = stackalloc byte[AeadSuite.MaxSecretLength];
        try
        {
            _ = suite.SecretLength == 48 ? HMACSHA384.HashData(secret, info, block) : HMACSHA256.HashData(secret, info, block);
            block[..output.Length].CopyTo(output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
        }
    }

    private static byte[] Label(string name) => [(byte)(6 + name.Length), .. "tls13 "u8, .. Encoding.ASCII.GetBytes(name)];
}
