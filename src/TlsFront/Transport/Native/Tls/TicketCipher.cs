using System.Runtime.InteropServices;
using TlsFront.Tls.Tickets;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>AES-256-CBC and HMAC-SHA-256 for session tickets, fetched once for the life of the process.</summary>
internal static unsafe class TicketCipher
{
    private static readonly nint Aes = OpenSsl.EVP_CIPHER_fetch(0, "AES-256-CBC", 0);
    private static readonly OpenSslParameter* Sha256 = MakeParameters();

    /// <summary>Keys OpenSSL's two contexts for one ticket.</summary>
    public static bool Start(TicketKey key, nint cipher, nint mac, byte* vector, bool encrypt)
    {
        // Safe: both calls copy the keys.
        fixed (byte* aes = key.Aes, hmac = key.Hmac)
        {
            var started = encrypt
                ? OpenSsl.EVP_EncryptInit_ex2(cipher, Aes, aes, vector, 0)
                : OpenSsl.EVP_DecryptInit_ex2(cipher, Aes, aes, vector, 0);
            return started == 1 && OpenSslEvp.EVP_MAC_init(mac, hmac, (nuint)key.Hmac.Length, Sha256) == 1;
        }
    }

    /// <summary>The hash of the MAC, never freed.</summary>
    private static OpenSslParameter* MakeParameters()
    {
        // Safe: literals stay where they are, and end with a zero.
        fixed (byte* name = "digest"u8, hash = "SHA256"u8)
        {
            var parameters = (OpenSslParameter*)NativeMemory.AllocZeroed(2, (nuint)sizeof(OpenSslParameter));
            parameters[0] = new OpenSslParameter(name, OpenSslParameter.Text, hash, 6);
            return parameters;
        }
    }
}
