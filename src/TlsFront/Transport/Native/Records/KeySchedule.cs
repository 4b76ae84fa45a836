using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;

namespace TlsFront.Transport.Native.Records;

/// <summary>
/// The key schedule of TLS 1.3 (RFC 8446 section 7): of a handshake, where OpenSSL asks for it, and of the records behind one. No output is longer
/// than the hash, so that one block of HKDF-Expand is left, an HMAC (RFC 5869 section 2.3).
/// </summary>
internal static class KeySchedule
{
    private const int MaxLabelLength = 255;

    /// <summary>The hash of nothing, which is the transcript of Derive-Secret(., "derived", "").</summary>
    private static readonly byte[] EmptySha256 = SHA256.HashData([]);

    private static readonly byte[] EmptySha384 = SHA384.HashData([]);

    private static ReadOnlySpan<byte> Prefix => "tls13 "u8;

    /// <summary>Key and IV of one direction (section 7.3).</summary>
    public static void Derive(AeadSuite suite, ReadOnlySpan<byte> secret, Span<byte> key, Span<byte> vector)
    {
        Expand(suite.SecretLength, secret, "key"u8, default, key);
        Expand(suite.SecretLength, secret, "iv"u8, default, vector);
    }

    /// <summary>Replaces a traffic secret by the next one (section 7.2).</summary>
    public static void Advance(AeadSuite suite, Span<byte> secret) => Expand(suite.SecretLength, secret, "traffic upd"u8, default, secret);

    /// <summary>HKDF-Expand-Label (section 7.1).</summary>
    /// <param name="hash">Octets of the hash: 32 for SHA-256, 48 for SHA-384.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="label">The label, without "tls13 ".</param>
    /// <param name="context">The context.</param>
    /// <param name="output">What to derive, at most as long as the hash. It may be the secret.</param>
    /// <exception cref="CryptographicException">OpenSSL fails.</exception>
    public static void Expand(int hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        Debug.Assert(output.Length <= hash && Prefix.Length + label.Length <= MaxLabelLength && context.Length <= MaxLabelLength);
        Span<byte> info = stackalloc byte[5 + Prefix.Length + label.Length + context.Length];
        BinaryPrimitives.WriteUInt16BigEndian(info, (ushort)output.Length);
        info[2] = (byte)(Prefix.Length + label.Length);
        Prefix.CopyTo(info[3..]);
        label.CopyTo(info[(3 + Prefix.Length)..]);
        info[3 + Prefix.Length + label.Length] = (byte)context.Length;
        context.CopyTo(info[(4 + Prefix.Length + label.Length)..]);
        info[^1] = 1;

        Span<byte> block = stackalloc byte[AeadSuite.MaxSecretLength];
        try
        {
            Hmac.OfLength(hash).Compute(secret, info, block);
            block[..output.Length].CopyTo(output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
        }
    }

    /// <summary>The step from one stage of the schedule to the next: Derive-Secret(., "derived", "") and HKDF-Extract (section 7.1).</summary>
    /// <param name="hash">Octets of the hash: 32 for SHA-256, 48 for SHA-384.</param>
    /// <param name="previous">The stage before; none for the first.</param>
    /// <param name="input">What comes in: a pre-shared key or what the key exchange gave; none for zeros.</param>
    /// <param name="output">The stage's secret, as long as the hash.</param>
    /// <exception cref="CryptographicException">OpenSSL fails.</exception>
    public static void Extract(int hash, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> input, Span<byte> output)
    {
        Span<byte> salt = stackalloc byte[AeadSuite.MaxSecretLength];
        Span<byte> zeros = stackalloc byte[AeadSuite.MaxSecretLength];
        salt.Clear();
        zeros.Clear();
        try
        {
            if (!previous.IsEmpty)
            {
                Expand(hash, previous, "derived"u8, hash == SHA384.HashSizeInBytes ? EmptySha384 : EmptySha256, salt[..hash]);
            }

            Hmac.OfLength(hash).Compute(salt[..hash], input.IsEmpty ? zeros[..hash] : input, output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(salt);
        }
    }
}
