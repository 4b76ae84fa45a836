using System.Runtime.InteropServices;
using TlsFront.Tls;

namespace TlsFront.Transport.Native.Interop;

/// <summary>
/// What the engine uses of OpenSSL 3, by its own names. Raw on purpose: the types around it (<see cref="SslContextHandle"/>,
/// <see cref="ScratchBio"/>, <c>NativeTls</c>) own the objects; nobody else calls this.
/// </summary>
internal static unsafe partial class OpenSsl
{
    public const string Ssl = OpenSslLibrary.Ssl;
    public const string Crypto = OpenSslLibrary.Crypto;

    // SSL_get_error
    public const int ErrorWantRead = 2;
    public const int ErrorZeroReturn = 6;

    // SSL_CTX_ctrl and SSL_ctrl: the macros of ssl.h.
    public const int ControlMode = 33;
    public const int ControlServerNameCallback = 53;
    public const int ControlServerName = 55;
    public const int ControlSessionCacheMode = 44;
    public const int ControlMaximumCertificateList = 51;
    public const int ControlChainCertificate = 89;
    public const int ControlGroupList = 92;
    public const int ControlMinimumVersion = 123;
    public const int ControlNegotiatedGroup = 134;

    public const nint ModePartialWrite = 0x1;
    public const nint ModeMovingWriteBuffer = 0x2;
    public const nint ModeNoAutomaticChain = 0x8;
    public const nint ModeReleaseBuffers = 0x10;

    public const ulong OptionCleansePlaintext = 1ul << 1;
    public const ulong OptionNoCompression = 1ul << 17;
    public const ulong OptionNoRenegotiation = 1ul << 30;

    public const ulong OptionNoTicket = 1ul << 14;
    public const ulong OptionServerPreference = 1ul << 22;

    public const int VerifyNone = 0;
    public const int VerifyPeer = 1;
    public const int VerifyFailWithoutPeerCertificate = 2;
    public const int VerifyOk = 0;

    [LibraryImport(Ssl)]
    public static partial nint TLS_server_method();

    [LibraryImport(Ssl)]
    public static partial nint TLS_client_method();

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_set_verify(SslContextHandle context, int mode, nint callback);

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_set_cert_verify_callback(
        SslContextHandle context, delegate* unmanaged<nint, void*, int> callback, void* argument);

    [LibraryImport(Ssl)]
    public static partial int SSL_has_pending(nint ssl);

    [LibraryImport(Ssl)]
    public static partial ushort SSL_CIPHER_get_protocol_id(nint cipher);

    [LibraryImport(Ssl)]
    public static partial nint SSL_get_session(nint ssl);

    [LibraryImport(Ssl)]
    public static partial byte SSL_SESSION_get_max_fragment_length(nint session);

    [LibraryImport(Ssl)]
    public static partial nuint SSL_SESSION_get_master_key(nint session, byte* buffer, nuint capacity);

    [LibraryImport(Ssl)]
    public static partial nuint SSL_get_client_random(nint ssl, byte* buffer, nuint capacity);

    [LibraryImport(Ssl)]
    public static partial nuint SSL_get_server_random(nint ssl, byte* buffer, nuint capacity);

    [LibraryImport(Ssl)]
    public static partial nint SSL_get0_peer_certificate(nint ssl);

    [LibraryImport(Crypto)]
    public static partial nint X509_STORE_CTX_get0_cert(nint context);

    [LibraryImport(Crypto)]
    public static partial nint X509_STORE_CTX_get0_untrusted(nint context);

    [LibraryImport(Crypto)]
    public static partial void X509_STORE_CTX_set_error(nint context, int error);

    [LibraryImport(Crypto)]
    public static partial int OPENSSL_sk_num(nint stack);

    [LibraryImport(Crypto)]
    public static partial nint OPENSSL_sk_value(nint stack, int index);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_add_client_CA(SslContextHandle context, nint certificate);

    [LibraryImport(Crypto)]
    public static partial int i2d_X509(nint certificate, byte** target);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_set_default_verify_paths(SslContextHandle context);

    [LibraryImport(Ssl)]
    public static partial nint SSL_CTX_get_cert_store(SslContextHandle context);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_set_alpn_protos(SslContextHandle context, byte* protocols, uint length);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint SSL_CTX_new_ex(nint library, string properties, nint method);

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_free(nint context);

    [LibraryImport(Ssl)]
    public static partial nint SSL_CTX_ctrl(SslContextHandle context, int command, nint number, void* pointer);

    [LibraryImport(Ssl)]
    public static partial nint SSL_CTX_callback_ctrl(SslContextHandle context, int command, delegate* unmanaged<nint, int*, void*, int> callback);

    [LibraryImport(Ssl)]
    public static partial ulong SSL_CTX_set_options(SslContextHandle context, ulong options);

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_set_security_level(SslContextHandle context, int level);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_set_num_tickets(SslContextHandle context, nuint count);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_cipher_list(SslContextHandle context, string names);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_ciphersuites(SslContextHandle context, string names);

    [LibraryImport(Ssl)]
    public static partial int SSL_set_session_id_context(nint ssl, byte* id, uint length);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_use_certificate(SslContextHandle context, nint certificate);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_use_PrivateKey(SslContextHandle context, nint key);

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_set_alpn_select_cb(
        SslContextHandle context, delegate* unmanaged<nint, byte**, byte*, byte*, uint, void*, int> callback, void* argument);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_set_tlsext_ticket_key_evp_cb(
        SslContextHandle context, delegate* unmanaged<nint, byte*, byte*, nint, nint, int, int> callback);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_set_ex_data(SslContextHandle context, int index, nint data);

    [LibraryImport(Ssl), SuppressGCTransition]
    public static partial nint SSL_CTX_get_ex_data(nint context, int index);

    [LibraryImport(Ssl), SuppressGCTransition]
    public static partial nint SSL_get_SSL_CTX(nint ssl);

    [LibraryImport(Ssl)]
    public static partial nint SSL_new(SslContextHandle context);

    [LibraryImport(Ssl)]
    public static partial void SSL_free(nint ssl);

    [LibraryImport(Ssl)]
    public static partial void SSL_set_bio(nint ssl, nint read, nint write);

    [LibraryImport(Ssl)]
    public static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(Ssl)]
    public static partial ulong SSL_clear_options(nint ssl, ulong options);

    [LibraryImport(Ssl)]
    public static partial void SSL_set_connect_state(nint ssl);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_set1_host(nint ssl, string name);

    [LibraryImport(Ssl)]
    public static partial nint SSL_get0_param(nint ssl);

    [LibraryImport(Ssl)]
    public static partial nint SSL_get_verify_result(nint ssl);

    [LibraryImport(Ssl)]
    public static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(Ssl)]
    public static partial int SSL_read(nint ssl, byte* buffer, int capacity);

    [LibraryImport(Ssl)]
    public static partial int SSL_write(nint ssl, byte* bytes, int length);

    [LibraryImport(Ssl)]
    public static partial int SSL_shutdown(nint ssl);

    [LibraryImport(Ssl)]
    public static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Ssl)]
    public static partial int SSL_version(nint ssl);

    [LibraryImport(Ssl)]
    public static partial int SSL_session_reused(nint ssl);

    [LibraryImport(Ssl)]
    public static partial nint SSL_get_current_cipher(nint ssl);

    [LibraryImport(Ssl)]
    public static partial byte* SSL_CIPHER_standard_name(nint cipher);

    [LibraryImport(Ssl)]
    public static partial nint SSL_ctrl(nint ssl, int command, nint number, void* pointer);

    [LibraryImport(Ssl)]
    public static partial byte* SSL_group_to_name(nint ssl, int group);

    [LibraryImport(Crypto)]
    public static partial ulong OPENSSL_version_major();

    [LibraryImport(Crypto)]
    public static partial void CRYPTO_get_mem_functions(nint* allocate, nint* reallocate, nint* free);

    [LibraryImport(Crypto)]
    public static partial void ERR_clear_error();

    [LibraryImport(Crypto)]
    public static partial ulong ERR_get_error();

    [LibraryImport(Crypto)]
    public static partial ulong ERR_peek_error();

    [LibraryImport(Crypto)]
    public static partial byte* ERR_reason_error_string(ulong error);

    [LibraryImport(Crypto)]
    public static partial nint d2i_X509(nint reuse, byte** bytes, nint length);

    [LibraryImport(Crypto)]
    public static partial int X509_STORE_add_cert(nint store, nint certificate);

    [LibraryImport(Crypto, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int X509_VERIFY_PARAM_set1_ip_asc(nint parameters, string address);

    [LibraryImport(Crypto)]
    public static partial byte* X509_verify_cert_error_string(nint verdict);

    [LibraryImport(Crypto)]
    public static partial void X509_free(nint certificate);

    [LibraryImport(Crypto)]
    public static partial nint d2i_AutoPrivateKey(nint reuse, byte** bytes, nint length);

    [LibraryImport(Crypto)]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Crypto, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_CIPHER_fetch(nint library, string name, nint properties);

    [LibraryImport(Crypto)]
    public static partial int EVP_EncryptInit_ex2(nint context, nint cipher, byte* key, byte* iv, nint parameters);

    [LibraryImport(Crypto)]
    public static partial int EVP_DecryptInit_ex2(nint context, nint cipher, byte* key, byte* iv, nint parameters);

    [LibraryImport(Crypto)]
    public static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Crypto)]
    public static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Crypto)]
    public static partial int EVP_CIPHER_CTX_reset(nint context);

    [LibraryImport(Crypto)]
    public static partial int EVP_CipherInit_ex2(nint context, nint cipher, byte* key, byte* iv, int encrypt, nint parameters);

    [LibraryImport(Crypto)]
    public static partial int EVP_CipherUpdate(nint context, byte* output, int* outputLength, byte* input, int length);

    [LibraryImport(Crypto)]
    public static partial int EVP_CipherFinal_ex(nint context, byte* output, int* outputLength);

    [LibraryImport(Crypto)]
    public static partial int EVP_CIPHER_CTX_ctrl(nint context, int command, int number, void* pointer);

    [LibraryImport(Crypto, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint BIO_meth_new(int type, string name);

    [LibraryImport(Crypto)]
    public static partial void BIO_meth_free(nint method);

    [LibraryImport(Crypto)]
    public static partial int BIO_meth_set_read(nint method, delegate* unmanaged<nint, byte*, int, int> callback);

    [LibraryImport(Crypto)]
    public static partial int BIO_meth_set_write(nint method, delegate* unmanaged<nint, byte*, int, int> callback);

    [LibraryImport(Crypto)]
    public static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged<nint, int, nint, void*, nint> callback);

    [LibraryImport(Crypto)]
    public static partial nint BIO_new(nint method);

    [LibraryImport(Crypto)]
    public static partial int BIO_free(nint bio);

    [LibraryImport(Crypto)]
    public static partial int BIO_up_ref(nint bio);

    [LibraryImport(Crypto)]
    public static partial void BIO_set_init(nint bio, int value);

    [LibraryImport(Crypto)]
    public static partial void BIO_set_data(nint bio, void* data);

    // A few instructions each, called per record: the switch to preemptive mode would cost more than they do.
    [LibraryImport(Crypto), SuppressGCTransition]
    public static partial void* BIO_get_data(nint bio);

    [LibraryImport(Crypto), SuppressGCTransition]
    public static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport(Crypto), SuppressGCTransition]
    public static partial void BIO_clear_flags(nint bio, int flags);
}
