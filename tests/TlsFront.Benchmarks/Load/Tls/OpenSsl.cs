using System.Runtime.InteropServices;

namespace TlsFront.Benchmarks.Load.Tls;

/// <summary>
/// The part of OpenSSL 3 that a load generator needs. Not <c>SslStream</c>: it does not tell whether a handshake was resumed,
/// and costs more than the proxies under test.
/// </summary>
internal static partial class OpenSsl
{
    public const int MinimumVersion = 123;              // SSL_CTRL_SET_MIN_PROTO_VERSION
    public const int Mode = 33;                         // SSL_CTRL_MODE
    public const int ServerName = 55;                   // SSL_CTRL_SET_TLSEXT_HOSTNAME
    public const int NegotiatedGroup = 134;             // SSL_CTRL_GET_NEGOTIATED_GROUP
    public const int Tls13 = 0x0304;
    public const int ReleaseBuffers = 0x10;             // SSL_MODE_RELEASE_BUFFERS
    public const ulong IgnoreUnexpectedEnd = 1UL << 7;  // SSL_OP_IGNORE_UNEXPECTED_EOF
    public const int ErrorWantRead = 2;                 // SSL_ERROR_WANT_READ
    public const int ErrorZeroReturn = 6;               // SSL_ERROR_ZERO_RETURN

    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";

    [LibraryImport(Ssl, EntryPoint = "TLS_client_method")]
    public static partial nint ClientMethod();

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_new")]
    public static partial nint NewContext(nint method);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_ctrl")]
    public static partial nint ControlContext(nint context, int command, nint number, nint pointer);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_options")]
    public static partial ulong SetOptions(nint context, ulong options);

    [LibraryImport(Ssl, EntryPoint = "SSL_new")]
    public static partial nint NewSsl(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_free")]
    public static partial void FreeSsl(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_fd")]
    public static partial int SetDescriptor(nint ssl, int descriptor);

    [LibraryImport(Ssl, EntryPoint = "SSL_ctrl")]
    public static partial nint Control(nint ssl, int command, nint number, nint pointer);

    [LibraryImport(Ssl, EntryPoint = "SSL_ctrl", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Control(nint ssl, int command, nint number, string text);

    [LibraryImport(Ssl, EntryPoint = "SSL_connect")]
    public static partial int Connect(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_read")]
    public static partial int Read(nint ssl, Span<byte> into, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_write")]
    public static partial int Write(nint ssl, ReadOnlySpan<byte> bytes, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_shutdown")]
    public static partial int Shutdown(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_error")]
    public static partial int GetError(nint ssl, int result);

    [LibraryImport(Ssl, EntryPoint = "SSL_get1_session")]
    public static partial nint TakeSession(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_session")]
    public static partial int SetSession(nint ssl, nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_SESSION_free")]
    public static partial void FreeSession(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_SESSION_is_resumable")]
    public static partial int IsResumable(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_session_reused")]
    public static partial int IsReused(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_version")]
    public static partial nint GetVersion(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_current_cipher")]
    public static partial nint GetCipher(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_CIPHER_get_name")]
    public static partial nint GetCipherName(nint cipher);

    [LibraryImport(Ssl, EntryPoint = "SSL_get1_peer_certificate")]
    public static partial nint TakeCertificate(nint ssl);

    [LibraryImport(Crypto, EntryPoint = "X509_get0_pubkey")]
    public static partial nint GetKey(nint certificate);

    [LibraryImport(Crypto, EntryPoint = "EVP_PKEY_get_bits")]
    public static partial int GetKeyBits(nint key);

    [LibraryImport(Crypto, EntryPoint = "X509_free")]
    public static partial void FreeCertificate(nint certificate);

    [LibraryImport(Crypto, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();
}
