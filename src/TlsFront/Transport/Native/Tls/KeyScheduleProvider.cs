using System.Runtime.InteropServices;
using System.Text;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// A provider of OpenSSL (provider(7)) with one algorithm: the key derivation of TLS 1.3, for contexts that ask for it by <see cref="Query"/>. It is
/// how the traffic secrets of a handshake become known: OpenSSL tells them otherwise in its key log alone, in hexadecimal. And it is faster than its
/// own, which looks up and makes everything anew for each of twenty derivations. A context that gets another one, as the policy of a
/// FIPS system may demand, works as well; its sessions stay with OpenSSL.
/// </summary>
internal static unsafe class KeyScheduleProvider
{
    private const string Name = "tlsfront";
    private const string Algorithm = "TLS13-KDF";

    // openssl/core_dispatch.h: OSSL_FUNC_PROVIDER_QUERY_OPERATION, OSSL_OP_KDF, OSSL_FUNC_KDF_NEWCTX, _FREECTX and _DERIVE.
    private const int QueryOperation = 1027;
    private const int KeyDerivation = 4;
    private const int NewContext = 1;
    private const int FreeContext = 3;
    private const int DeriveKey = 5;

    /// <summary>What a context asks for: ours where there is no reason against it.</summary>
    private const string Query = "?provider=" + Name;

    private static readonly OpenSslDispatch* Functions = MakeFunctions();
    private static readonly OpenSslAlgorithm* Algorithms = MakeAlgorithms();
    private static readonly bool IsLoaded = Load();

    /// <summary>Whether OpenSSL takes it. If not, its configuration or a policy has a reason, and everything works without.</summary>
    public static bool IsInUse
    {
        get
        {
            var found = IsLoaded ? OpenSslEvp.EVP_KDF_fetch(0, Algorithm, Query) : 0;
            if (found == 0)
            {
                OpenSsl.ERR_clear_error();
                return false;
            }

            // Safe: the name is the provider's, which stays.
            var name = Marshal.PtrToStringUTF8(OpenSslEvp.OSSL_PROVIDER_get0_name(OpenSslEvp.EVP_KDF_get0_provider(found)));
            OpenSslEvp.EVP_KDF_free(found);
            return name == Name;
        }
    }

    /// <summary>A context whose handshakes derive their keys here; 0 if OpenSSL cannot make one.</summary>
    /// <param name="method">The part it plays.</param>
    public static nint NewSslContext(nint method)
    {
        _ = IsLoaded;
        return OpenSsl.SSL_CTX_new_ex(0, Query, method);
    }

    private static bool Load()
    {
        // Who asks for none gets the first that OpenSSL ever found: it is to be its own.
        OpenSslEvp.EVP_KDF_free(OpenSslEvp.EVP_KDF_fetch(0, Algorithm, null));

        // The last argument: OpenSSL's own provider is to load by itself as before.
        var isLoaded = OpenSslEvp.OSSL_PROVIDER_add_builtin(0, Name, &Begin) == 1 && OpenSslEvp.OSSL_PROVIDER_try_load(0, Name, 1) != 0;
        OpenSsl.ERR_clear_error();
        return isLoaded;
    }

    /// <summary>Never freed, as OpenSSL may ask until the process ends.</summary>
    private static OpenSslDispatch* MakeFunctions()
    {
        delegate* unmanaged<nint, int, int*, OpenSslAlgorithm*> query = &FindAlgorithms;
        var functions = Allocate<OpenSslDispatch>(2);
        functions[0] = new(QueryOperation, query);
        return functions;
    }

    private static OpenSslAlgorithm* MakeAlgorithms()
    {
        delegate* unmanaged<void*, void*> make = &MakeContext;
        delegate* unmanaged<void*, void> free = &Free;
        delegate* unmanaged<void*, byte*, nuint, OpenSslParameter*, int> derive = &Derive;
        var functions = Allocate<OpenSslDispatch>(4);
        functions[0] = new(NewContext, make);
        functions[1] = new(FreeContext, free);
        functions[2] = new(DeriveKey, derive);
        var algorithms = Allocate<OpenSslAlgorithm>(2);
        algorithms[0] = new(Text(Algorithm), Text("provider=" + Name), functions);
        return algorithms;
    }

    private static T* Allocate<T>(int count)
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));

    private static byte* Text(string text)
    {
        var copy = (byte*)NativeMemory.AllocZeroed((nuint)text.Length + 1);
        Encoding.ASCII.GetBytes(text, new Span<byte>(copy, text.Length));
        return copy;
    }

    // None of these throws into OpenSSL.
    [UnmanagedCallersOnly]
    private static int Begin(nint handle, void* core, OpenSslDispatch** functions, void** context)
    {
        try
        {
            // There is no state, but it must not be null.
            *functions = Functions;
            *context = Functions;
            return 1;
        }
        catch
        {
            return 0;
        }
    }

    [UnmanagedCallersOnly]
    private static OpenSslAlgorithm* FindAlgorithms(nint context, int operation, int* noCache)
    {
        try
        {
            *noCache = 0;
            return operation == KeyDerivation ? Algorithms : null;
        }
        catch
        {
            return null;
        }
    }

    [UnmanagedCallersOnly]
    private static void* MakeContext(void* provider) => provider;

    [UnmanagedCallersOnly]
    private static void Free(void* context) => _ = context;

    /// <summary>Safe: reads what the parameters point to and writes as much as it is told, both during the call.</summary>
    [UnmanagedCallersOnly]
    private static int Derive(void* context, byte* output, nuint length, OpenSslParameter* parameters)
    {
        try
        {
            return KeyDerivationRequest.Read(parameters).TryAnswer(new Span<byte>(output, checked((int)length))) ? 1 : 0;
        }
        catch
        {
            // OpenSSL ends the handshake.
            return 0;
        }
    }
}
