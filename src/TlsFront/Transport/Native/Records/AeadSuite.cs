using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Records;

/// <summary>A cipher suite of TLS 1.3 (RFC 8446 appendix B.4): the AEAD that protects records, and the hash of the key schedule.</summary>
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

    public static readonly AeadSuite Aes128Gcm = new(0x1301, "AES-128-GCM", keyLength: 16, secretLength: 32);

    public static readonly AeadSuite Aes256Gcm = new(0x1302, "AES-256-GCM", keyLength: 32, secretLength: 48);

    public static readonly AeadSuite ChaCha20Poly1305 = new(0x1303, "ChaCha20-Poly1305", keyLength: 32, secretLength: 32);

    private static readonly AeadSuite[] All = [Aes128Gcm, Aes256Gcm, ChaCha20Poly1305];

    private AeadSuite(ushort number, string name, int keyLength, int secretLength)
    {
        (Number, KeyLength, SecretLength) = (number, keyLength, secretLength);
        Cipher = OpenSsl.EVP_CIPHER_fetch(0, name, 0);
        if (Cipher == 0)
        {
            OpenSsl.ERR_clear_error();
        }
    }

    /// <summary>Its number on the wire.</summary>
    public ushort Number { get; }

    /// <summary>Octets of a key.</summary>
    public int KeyLength { get; }

    /// <summary>Octets of a traffic secret: those of the hash, SHA-384 for AES-256 and SHA-256 for the others.</summary>
    public int SecretLength { get; }

    /// <summary>OpenSSL's <c>EVP_CIPHER</c>, fetched once for the life of the process; 0 if its configuration forbids it.</summary>
    public nint Cipher { get; }

    /// <summary>The one with that number; null for any other, and if OpenSSL has none.</summary>
    public static AeadSuite? Find(ushort number) =>
        All.FirstOrDefault(suite => suite.Number == number && suite.Cipher != 0);
}
