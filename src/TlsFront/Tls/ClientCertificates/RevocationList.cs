using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Tls.ClientCertificates;

/// <summary>A list of certificates that their authority revoked (RFC 5280 section 5).</summary>
internal sealed class RevocationList
{
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 0);

    private readonly byte[] _signed;
    private readonly (HashAlgorithmName Name, bool IsEcdsa) _hash;
    private readonly ConcurrentDictionary<string, bool> _issuers = [];
    private readonly byte[] _signature;
    private readonly HashSet<string> _serialNumbers = [];

    /// <param name="encoded">The list, DER.</param>
    /// <exception cref="CryptographicException">It is none, or one that says more than whether a certificate is revoked.</exception>
    public RevocationList(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            var list = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
            _signed = list.PeekEncodedValue().ToArray();
            var content = list.ReadSequence();
            var algorithm = list.ReadSequence().ReadObjectIdentifier();
            _hash = HashOf(algorithm) ?? throw new CryptographicException($"its signature algorithm {algorithm} is not supported");
            _signature = list.ReadBitString(out _);
            if (content.PeekTag() == Asn1Tag.Integer)
            {
                content.ReadInteger();
            }

            content.ReadSequence();
            Issuer = content.ReadEncodedValue().ToArray();
            From = ReadTime(content);
            Until = content.HasData && IsTime(content.PeekTag()) ? ReadTime(content) : DateTimeOffset.MaxValue;
            if (content.HasData && content.PeekTag() == Asn1Tag.Sequence)
            {
                ReadEntries(content.ReadSequence());
            }

            if (content.HasData)
            {
                // Part of a list, or the changes since another one: what is not in it may still be revoked.
                RefuseCritical(content.ReadSequence(Extensions).ReadSequence());
            }
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException("it is malformed", exception);
        }
    }

    /// <summary>The name of the authority, DER.</summary>
    public byte[] Issuer { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset From { get; }

    /// <summary>When a newer one is due: what was revoked since is not in this one.</summary>
    public DateTimeOffset Until { get; }

    /// <summary>Whether it has <paramref name="certificate"/>, which is of its authority.</summary>
    public bool Contains(X509Certificate2 certificate) => _serialNumbers.Contains(Convert.ToHexString(certificate.SerialNumberBytes.Span));

    /// <summary>Whether it is <paramref name="authority"/> who made it.</summary>
    /// <remarks>Verified once for each authority: a long list takes milliseconds, and handshakes wait.</remarks>
    public bool IsOf(X509Certificate2 authority) =>
        authority.SubjectName.RawData.AsSpan().SequenceEqual(Issuer)
        && _issuers.GetOrAdd(
            authority.GetCertHashString(HashAlgorithmName.SHA256),
            static (_, it) => it.List.Verify(it.Authority),
            (List: this, Authority: authority));

    private bool Verify(X509Certificate2 authority)
    {
        if (_hash.IsEcdsa)
        {
            using var ecdsa = authority.GetECDsaPublicKey();
            return ecdsa?.VerifyData(_signed, _signature, _hash.Name, DSASignatureFormat.Rfc3279DerSequence) is true;
        }

        using var rsa = authority.GetRSAPublicKey();
        return rsa?.VerifyData(_signed, _signature, _hash.Name, RSASignaturePadding.Pkcs1) is true;
    }

    private static (HashAlgorithmName Name, bool IsEcdsa)? HashOf(string algorithm) => algorithm switch
    {
        "1.2.840.113549.1.1.11" => (HashAlgorithmName.SHA256, false),
        "1.2.840.113549.1.1.12" => (HashAlgorithmName.SHA384, false),
        "1.2.840.113549.1.1.13" => (HashAlgorithmName.SHA512, false),
        "1.2.840.10045.4.3.2" => (HashAlgorithmName.SHA256, true),
        "1.2.840.10045.4.3.3" => (HashAlgorithmName.SHA384, true),
        "1.2.840.10045.4.3.4" => (HashAlgorithmName.SHA512, true),
        _ => null,
    };

    private static bool IsTime(Asn1Tag tag) => tag == Asn1Tag.UtcTime || tag == Asn1Tag.GeneralizedTime;

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag() == Asn1Tag.UtcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    private static void RefuseCritical(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var name = extension.ReadObjectIdentifier();
            if (extension.PeekTag() == Asn1Tag.Boolean && extension.ReadBoolean())
            {
                throw new CryptographicException($"it is not a whole list of one authority (critical extension {name})");
            }
        }
    }

    // What an entry has beside its number, a reason or whose certificate it is, does not make it good.
    private void ReadEntries(AsnReader entries)
    {
        while (entries.HasData)
        {
            _serialNumbers.Add(Convert.ToHexString(entries.ReadSequence().ReadIntegerBytes().Span));
        }
    }
}
