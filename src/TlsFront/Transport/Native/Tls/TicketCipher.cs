using System.Runtime.InteropServices;
using TlsFront.Tls.Tickets;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>AES-256-CBC and HMAC-SHA-256 for session tickets, fetched once for the life of the process.</summary>
internal static unsafe class TicketCipher
{
    private const uint Utf8String = 4;
    private static readonly nint Aes = OpenSsl.EVP_CIPHER_fetch(0, "AES-256-CBC", 0);
    private static readonly Parameter* Sha256 = MakeParameters();

    /// <summary>Keys OpenSSL's two contexts for one ticket.</summary>
    public static bool Start(TicketKey key, nint cipher, nint mac, byte* vector, bool encrypt)
    {
        // Safe: both calls copy the keys.
        fixed (byte* aes = key.Aes, hmac = key.Hmac)
        {
            var started = encrypt
                ? OpenSsl.EVP_EncryptInit_ex2(cipher, Aes, aes, vector, 0)
                : OpenSsl.EVP_DecryptInit_ex2(cipher, Aes, aes, vector, 0);
            return started == 1 && OpenSsl.EVP_MAC_init(mac, hmac, (nuint)key.Hmac.Length, Sha256) == 1;
        }
    }

    /// <summary><c>OSSL_PARAM[] { digest = "SHA256", end }</c>, never freed.</summary>
    private static Parameter* MakeParameters()
    {
        var parameters = (Parameter*)NativeMemory.AllocZeroed(2, (nuint)sizeof(Parameter));
        parameters[0] = new Parameter
        {
            Key = Marshal.StringToCoTaskMemUTF8("digest"),
            Type = Utf8String,
            Data = Marshal.StringToCoTaskMemUTF8("SHA256"),
            Size = 6,
            ReturnSize = nuint.MaxValue, // OSSL_PARAM_UNMODIFIED
        };
        return parameters;
    }

    private struct Parameter
    {
        public nint Key;
        public uint Type;
        public nint Data;
        public nuint Size;
        public nuint ReturnSize;
    }
}
