using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Records;

/// <summary>The keys of TLS 1.2 (RFC 5246 section 6.3). An AEAD has none for a MAC, so it is two keys and two fixed parts of nonces.</summary>
internal static unsafe class KeyBlock
{
    /// <summary>Octets of a master secret (RFC 5246 section 8.1).</summary>
    public const int MasterSecretLength = 48;

    /// <summary>Octets of a random.</summary>
    public const int RandomLength = 32;

    /// <summary>Longest block.</summary>
    public const int MaxLength = 2 * (AeadSuite.MaxKeyLength + AeadSuite.NonceLength);

    private static readonly nint Prf = OpenSslEvp.EVP_KDF_fetch(0, "TLS1-PRF", null);

    private static ReadOnlySpan<byte> Label => "key expansion"u8;

    /// <summary>Octets of the block.</summary>
    public static int LengthFor(AeadSuite suite) => 2 * (suite.KeyLength + suite.FixedNonceLength);

    /// <summary>Where the key of a side is in it.</summary>
    public static Span<byte> KeyOf(AeadSuite suite, Span<byte> block, bool isClient) =>
        block.Slice(isClient ? 0 : suite.KeyLength, suite.KeyLength);

    /// <summary>Where the fixed part of the nonces of a side is in it.</summary>
    public static Span<byte> FixedIvOf(AeadSuite suite, Span<byte> block, bool isClient) =>
        block.Slice((2 * suite.KeyLength) + (isClient ? 0 : suite.FixedNonceLength), suite.FixedNonceLength);

    /// <summary>Derives it; false if OpenSSL does not.</summary>
    /// <param name="suite">The suite agreed upon.</param>
    /// <param name="master">The master secret.</param>
    /// <param name="server">The server's random.</param>
    /// <param name="client">The client's random.</param>
    /// <param name="block">Where it goes, as long as <see cref="LengthFor"/> says.</param>
    public static bool TryDerive(AeadSuite suite, ReadOnlySpan<byte> master, ReadOnlySpan<byte> server, ReadOnlySpan<byte> client, Span<byte> block)
    {
        Span<byte> seed = stackalloc byte[Label.Length + (2 * RandomLength)];
        Label.CopyTo(seed);
        server.CopyTo(seed[Label.Length..]);
        client.CopyTo(seed[(Label.Length + RandomLength)..]);
        var hash = suite.SecretLength == 48 ? "SHA2-384"u8 : "SHA2-256"u8;
        var isDerived = false;
        var context = Prf == 0 ? 0 : OpenSslEvp.EVP_KDF_CTX_new(Prf);

        // Safe: pinned for the call, which copies what it needs and writes the block. Names are literals, which end with a zero.
        fixed (byte* digest = "digest"u8, hashName = hash, secret = "secret"u8, key = master, seedName = "seed"u8, start = seed, output = block)
        {
            var parameters = stackalloc OpenSslParameter[4];
            parameters[0] = new(digest, OpenSslParameter.Text, hashName, hash.Length);
            parameters[1] = new(secret, OpenSslParameter.Octets, key, master.Length);
            parameters[2] = new(seedName, OpenSslParameter.Octets, start, seed.Length);
            parameters[3] = default;
            if (context != 0)
            {
                isDerived = OpenSslEvp.EVP_KDF_derive(context, output, (nuint)block.Length, parameters) == 1;

                // OpenSSL wipes its copy of the secret.
                OpenSslEvp.EVP_KDF_CTX_free(context);
            }
        }

        if (!isDerived)
        {
            OpenSsl.ERR_clear_error();
        }

        return isDerived;
    }
}
