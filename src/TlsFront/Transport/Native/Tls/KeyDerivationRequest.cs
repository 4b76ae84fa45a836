using System.Security.Cryptography;
using System.Text;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Transport.Native.Tls;

/// <summary>What OpenSSL wants derived in a handshake of TLS 1.3, in the terms of EVP_KDF-TLS13_KDF(7).</summary>
internal ref struct KeyDerivationRequest
{
    // EVP_KDF_HKDF_MODE_EXTRACT_ONLY and EVP_KDF_HKDF_MODE_EXPAND_ONLY.
    private const int ExtractOnly = 1;
    private const int ExpandOnly = 2;

    private int _mode;
    private int _hash;
    private ReadOnlySpan<byte> _key;
    private ReadOnlySpan<byte> _salt;
    private ReadOnlySpan<byte> _prefix;
    private ReadOnlySpan<byte> _label;
    private ReadOnlySpan<byte> _data;

    /// <summary>Reads a list of parameters; what points into it is valid as long as it is.</summary>
    public static unsafe KeyDerivationRequest Read(OpenSslParameter* parameters)
    {
        var request = default(KeyDerivationRequest);
        for (; !parameters->IsEnd; parameters++)
        {
            var name = parameters->Name;
            if (name.SequenceEqual("mode"u8))
            {
                request._mode = parameters->Number;
            }
            else if (name.SequenceEqual("digest"u8))
            {
                request._hash = HashLength(parameters->Value);
            }
            else if (name.SequenceEqual("key"u8))
            {
                request._key = parameters->Value;
            }
            else if (name.SequenceEqual("salt"u8))
            {
                request._salt = parameters->Value;
            }
            else if (name.SequenceEqual("prefix"u8))
            {
                request._prefix = parameters->Value;
            }
            else if (name.SequenceEqual("label"u8))
            {
                request._label = parameters->Value;
            }
            else if (name.SequenceEqual("data"u8))
            {
                request._data = parameters->Value;
            }
        }

        return request;
    }

    /// <summary>Derives it, and shows secrets to the handshake at work; false if it is nothing that TLS 1.3 derives.</summary>
    /// <exception cref="CryptographicException">OpenSSL fails.</exception>
    public readonly bool TryAnswer(Span<byte> output)
    {
        if (_hash == 0 || output.Length > _hash || !_prefix.SequenceEqual("tls13 "u8))
        {
            return false;
        }

        switch (_mode)
        {
            case ExtractOnly when output.Length == _hash && _label.SequenceEqual("derived"u8):
                KeySchedule.Extract(_hash, _salt, _key, output);
                TrafficSecrets.Show(_label, output);
                return true;
            case ExpandOnly when !_key.IsEmpty:
                KeySchedule.Expand(_hash, _key, _label, _data, output);
                // A secret is as long as the hash. So is a key of ChaCha20, which is none of ours to keep either.
                if (output.Length == _hash)
                {
                    TrafficSecrets.Show(_label, output);
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>Octets of a hash by one of its names; 0 for hashes that no suite of TLS 1.3 has.</summary>
    private static int HashLength(ReadOnlySpan<byte> name) =>
        Is(name, "SHA2-256"u8, "SHA256"u8, "SHA-256"u8) ? SHA256.HashSizeInBytes
        : Is(name, "SHA2-384"u8, "SHA384"u8, "SHA-384"u8) ? SHA384.HashSizeInBytes
        : 0;

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third) =>
        Ascii.EqualsIgnoreCase(name, first)
        || Ascii.EqualsIgnoreCase(name, second)
        || Ascii.EqualsIgnoreCase(name, third);
}
