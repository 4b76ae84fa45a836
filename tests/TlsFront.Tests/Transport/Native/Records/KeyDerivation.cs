using System.Runtime.InteropServices;
using System.Text;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>Asks OpenSSL for keys of TLS 1.3 as its own handshakes do (<c>ssl/tls13_enc.c</c>).</summary>
internal static unsafe class KeyDerivation
{
    /// <summary>HKDF-Extract behind Derive-Secret; null if it fails.</summary>
    public static byte[]? Extract(bool ours, string digest, byte[]? previous, byte[]? input, int length) =>
        Derive(ours, 1, digest, [("key", input), ("salt", previous), ("label", "derived"u8.ToArray())], length);

    /// <summary>HKDF-Expand-Label; null if it fails.</summary>
    public static byte[]? Expand(bool ours, string digest, byte[] secret, string label, byte[] context, int length) =>
        Derive(ours, 2, digest, [("key", secret), ("label", Encoding.ASCII.GetBytes(label)), ("data", context)], length);

    /// <summary>Who answers.</summary>
    public static string ProviderOf(bool ours)
    {
        var algorithm = Fetch(ours);
        var name = Marshal.PtrToStringUTF8(OpenSslEvp.OSSL_PROVIDER_get0_name(OpenSslEvp.EVP_KDF_get0_provider(algorithm)))!;
        OpenSslEvp.EVP_KDF_free(algorithm);
        return name;
    }

    private static byte[]? Derive(bool ours, int mode, string digest, (string Name, byte[]? Value)[] values, int length)
    {
        var algorithm = Fetch(ours);
        var context = OpenSslEvp.EVP_KDF_CTX_new(algorithm);
        OpenSslEvp.EVP_KDF_free(algorithm);
        List<GCHandle> pins = [];
        try
        {
            List<OpenSslParameter> parameters = [Make("mode", 1, BitConverter.GetBytes(mode)), Make("digest", 4, Encoding.ASCII.GetBytes(digest))];
            parameters.AddRange(values.Append(("prefix", "tls13 "u8.ToArray())).Where(static value => value.Item2 is not null)
                .Select(value => Make(value.Item1, 5, value.Item2!)));
            parameters.Add(default);
            var output = new byte[length];
            fixed (OpenSslParameter* list = parameters.ToArray())
            {
                fixed (byte* start = output)
                {
                    return OpenSslEvp.EVP_KDF_derive(context, start, (nuint)length, list) == 1 ? output : null;
                }
            }
        }
        finally
        {
            pins.ForEach(static pin => pin.Free());
            OpenSslEvp.EVP_KDF_CTX_free(context);
            OpenSsl.ERR_clear_error();
        }

        OpenSslParameter Make(string name, uint type, byte[] value)
        {
            return new((byte*)Pin(Encoding.ASCII.GetBytes(name + '\0')), type, (byte*)Pin([.. value, 0]), value.Length);
        }

        nint Pin(byte[] octets)
        {
            pins.Add(GCHandle.Alloc(octets, GCHandleType.Pinned));
            return pins[^1].AddrOfPinnedObject();
        }
    }

    private static nint Fetch(bool ours)
    {
        // The provider is there as soon as there was a context.
        OpenSsl.SSL_CTX_free(KeyScheduleProvider.NewSslContext(OpenSsl.TLS_server_method()));
        return OpenSslEvp.EVP_KDF_fetch(0, "TLS13-KDF", ours ? "?provider=tlsfront" : null);
    }
}
