using System.Security.Cryptography;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Records;

/// <summary>
/// libcrypto's HMAC (RFC 2104). A thread has one context for each hash and only changes its key: to name the hash again, as .NET's and OpenSSL's
/// own ways do, costs more than to compute it.
/// </summary>
internal sealed unsafe class Hmac
{
    private static readonly nint Algorithm = OpenSslEvp.EVP_MAC_fetch(0, "HMAC", 0);

    [ThreadStatic]
    private static Hmac? _sha256;

    [ThreadStatic]
    private static Hmac? _sha384;

    private readonly nint _context;
    private readonly int _length;
    private bool _isKeyed;

    private Hmac(int length)
    {
        _length = length;
        _context = Algorithm == 0 ? 0 : OpenSslEvp.EVP_MAC_CTX_new(Algorithm);

        // Safe: names are literals, which end with a zero, and all is copied during the call.
        fixed (byte* digest = "digest"u8, sha256 = "SHA2-256"u8, sha384 = "SHA2-384"u8)
        {
            var parameters = stackalloc OpenSslParameter[2];
            parameters[0] = new(digest, OpenSslParameter.Text, length == SHA384.HashSizeInBytes ? sha384 : sha256, 8);
            parameters[1] = default;
            if (_context == 0 || OpenSslEvp.EVP_MAC_CTX_set_params(_context, parameters) != 1)
            {
                OpenSsl.ERR_clear_error();
                throw new CryptographicException("OpenSSL has no HMAC.");
            }
        }
    }

    /// <summary>The thread's is gone with the thread.</summary>
    ~Hmac() => OpenSslEvp.EVP_MAC_CTX_free(_context);

    /// <summary>The thread's.</summary>
    /// <param name="length">Octets of the hash: 32 for SHA-256, 48 for SHA-384.</param>
    /// <exception cref="CryptographicException">OpenSSL has none.</exception>
    public static Hmac OfLength(int length) =>
        length == SHA384.HashSizeInBytes ? _sha384 ??= new Hmac(length) : _sha256 ??= new Hmac(length);

    /// <summary>Makes what the thread's contexts know of keys unknown.</summary>
    public static void Wipe()
    {
        _sha256?.WipeKey();
        _sha384?.WipeKey();
    }

    /// <summary>Computes it.</summary>
    /// <exception cref="CryptographicException">OpenSSL fails.</exception>
    public void Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> output)
    {
        Check(TrySetKey(key));
        fixed (byte* start = message, mac = output[.._length])
        {
            // Safe: pinned for the calls, and there is room for the whole.
            nuint written;
            Check(OpenSslEvp.EVP_MAC_update(_context, start, (nuint)message.Length) == 1);
            Check(OpenSslEvp.EVP_MAC_final(_context, mac, &written, (nuint)_length) == 1);
        }
    }

    private void WipeKey()
    {
        if (_isKeyed)
        {
            Span<byte> zeros = stackalloc byte[_length];
            zeros.Clear();
            _isKeyed = !TrySetKey(zeros);
        }
    }

    private bool TrySetKey(ReadOnlySpan<byte> key)
    {
        _isKeyed = true;
        fixed (byte* start = key)
        {
            // Safe: copied during the call.
            return OpenSslEvp.EVP_MAC_init(_context, start, (nuint)key.Length, null) == 1;
        }
    }

    private static void Check(bool isDone)
    {
        if (!isDone)
        {
            OpenSsl.ERR_clear_error();
            throw new CryptographicException("OpenSSL cannot compute an HMAC.");
        }
    }
}
