using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Records;

/// <summary>
/// What a cipher suite says of records: the AEAD that protects them, and the hash that keys are derived with. TLS 1.3 (RFC 8446 appendix B.4) and the
/// suites of TLS 1.2 with ECDHE (RFC 5289, RFC 7905) have the same three pairs.
/// </summary>
internal sealed class AeadSuite
{
    /// <summary>Octets of an authentication tag, the same for all (RFC 5116 section 5.1, RFC 8439 section 2.8).</summary>
    public const int TagLength = 16;

    /// <summary>Octets of a nonce, the same for all.</summary>
    public const int NonceLength = 12;

    /// <summary>Longest key.</summary>
    public const int MaxKeyLength = 32;

    /// <summary>Longest secret.</summary>
    public const int MaxSecretLength = 48;

    public static readonly AeadSuite Aes128Gcm = new(0x1301, "AES-128-GCM", keyLength: 16, secretLength: 32, explicitNonceLength: 8);

    public static readonly AeadSuite Aes256Gcm = new(0x1302, "AES-256-GCM", keyLength: 32, secretLength: 48, explicitNonceLength: 8);

    public static readonly AeadSuite ChaCha20Poly1305 = new(0x1303, "ChaCha20-Poly1305", keyLength: 32, secretLength: 32, explicitNonceLength: 0);

    private AeadSuite(ushort number, string name, int keyLength, int secretLength, int explicitNonceLength)
    {
        Number = number;
        (KeyLength, SecretLength, ExplicitNonceLength) = (keyLength, secretLength, explicitNonceLength);
        Cipher = OpenSsl.EVP_CIPHER_fetch(0, name, 0);
        if (Cipher == 0)
        {
            OpenSsl.ERR_clear_error();
        }
    }

    /// <summary>Number of its cipher suite of TLS 1.3, by which <see cref="Find"/> finds it.</summary>
    public ushort Number { get; }

    /// <summary>Octets of a key.</summary>
    public int KeyLength { get; }

    /// <summary>Octets of the hash, SHA-384 for AES-256 and SHA-256 for the others; so many has a traffic secret of TLS 1.3.</summary>
    public int SecretLength { get; }

    /// <summary>Octets of a nonce that TLS 1.2 sends with each record (RFC 5288 section 3, RFC 7905 section 2).</summary>
    public int ExplicitNonceLength { get; }

    /// <summary>Octets of a nonce that TLS 1.2 takes from the key block (RFC 5246 section 6.2.3.3).</summary>
    public int FixedNonceLength => NonceLength - ExplicitNonceLength;

    /// <summary>OpenSSL's <c>EVP_CIPHER</c>, fetched once for the life of the process; 0 if its configuration forbids it.</summary>
    public nint Cipher { get; }

    /// <summary>That of the cipher suite with this number on the wire; null for any other, and if OpenSSL has none.</summary>
    public static AeadSuite? Find(ushort number)
    {
        // TLS 1.3, and ECDHE with ECDSA and RSA.
        var suite = number switch
        {
            0x1301 or 0xC02B or 0xC02F => Aes128Gcm,
            0x1302 or 0xC02C or 0xC030 => Aes256Gcm,
            0x1303 or 0xCCA9 or 0xCCA8 => ChaCha20Poly1305,
            _ => null,
        };
        return suite is { Cipher: not 0 } ? suite : null;
    }
}
