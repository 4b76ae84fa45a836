using System.Runtime.InteropServices;

namespace TlsFront.Transport.Native.Interop;

/// <summary>What the engine uses of OpenSSL's MACs, key derivations and providers, by its own names; the rest is <see cref="OpenSsl"/>.</summary>
internal static unsafe partial class OpenSslEvp
{
    [LibraryImport(OpenSsl.Crypto, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OSSL_PROVIDER_add_builtin(
        nint library, string name, delegate* unmanaged<nint, void*, OpenSslDispatch**, void**, int> begin);

    [LibraryImport(OpenSsl.Crypto, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint OSSL_PROVIDER_try_load(nint library, string name, int retainFallbacks);

    [LibraryImport(OpenSsl.Crypto, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_MAC_fetch(nint library, string name, nint properties);

    [LibraryImport(OpenSsl.Crypto)]
    public static partial nint EVP_MAC_CTX_new(nint algorithm);

    [LibraryImport(OpenSsl.Crypto)]
    public static partial void EVP_MAC_CTX_free(nint context);

    [LibraryImport(OpenSsl.Crypto)]
    public static partial int EVP_MAC_CTX_set_params(nint context, OpenSslParameter* parameters);

    [LibraryImport(OpenSsl.Crypto)]
    public static partial int EVP_MAC_update(nint context, byte* octets, nuint length);

    [LibraryImport(OpenSsl.Crypto)]
    public static partial int EVP_MAC_final(nint context, byte* mac, nuint* length, nuint capacity);

    [LibraryImport(OpenSsl.Crypto)]
    public static partial int EVP_MAC_init(nint context, byte* key, nuint keyLength, OpenSslParameter* parameters);

    [LibraryImport(OpenSsl.Crypto, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_KDF_fetch(nint library, string name, string? properties);

    [LibraryImport(OpenSsl.Crypto)]
    public static partial nint EVP_KDF_get0_provider(nint algorithm);

    [LibraryImport(OpenSsl.Crypto)]
    public static partial nint OSSL_PROVIDER_get0_name(nint provider);

    [LibraryImport(OpenSsl.Crypto)]
    public static partial void EVP_KDF_free(nint algorithm);

    [LibraryImport(OpenSsl.Crypto)]
    public static partial nint EVP_KDF_CTX_new(nint algorithm);

    [LibraryImport(OpenSsl.Crypto)]
    public static partial void EVP_KDF_CTX_free(nint context);

    [LibraryImport(OpenSsl.Crypto)]
    public static partial int EVP_KDF_derive(nint context, byte* output, nuint length, OpenSslParameter* parameters);
}
