using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Tls.Hello;

namespace TlsFront.Tls.Certificates;

/// <summary>
/// A certificate with its key and chain, ready to be presented. Never disposed by hand: sessions may hold it long after it was replaced,
/// so its handles are left to the garbage collector.
/// </summary>
internal sealed class LoadedCertificate
{
    /// <summary>When a renewal is overdue, as the shipped alert has it: clients renew weeks earlier.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromDays(14);

    /// <param name="leaf">The certificate, with its private key.</param>
    /// <param name="intermediates">The rest of the chain, issuer after issuer.</param>
    /// <param name="source">The file it came from.</param>
    /// <exception cref="CryptographicException">A key or name in it cannot be used.</exception>
    public LoadedCertificate(X509Certificate2 leaf, ImmutableArray<X509Certificate2> intermediates, string source)
    {
        Leaf = leaf;
        Intermediates = intermediates;
        Source = source;
        var alternatives = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().ToList();
        Names = [.. alternatives.SelectMany(static names => names.EnumerateDnsNames()).Select(static name => name.ToLowerInvariant())];
        Addresses = [.. alternatives.SelectMany(static names => names.EnumerateIPAddresses())];
        Issuer = leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
        NotBefore = leaf.NotBefore.ToUniversalTime();
        NotAfter = leaf.NotAfter.ToUniversalTime();
        MissingIssuer = CertificateChain.MissingIssuer(leaf, intermediates);
        IssuerSignature = SchemeOf(leaf.SignatureAlgorithm.Value);
        using var rsa = leaf.GetRSAPublicKey();
        using var ecdsa = leaf.GetECDsaPublicKey();
        if (rsa is not null)
        {
            KeyType = CertificateKeyType.Rsa;
            KeySize = rsa.KeySize;
            if (KeySize < 2048)
            {
                // RFC 9325 section 4.5; OpenSSL's default security level refuses it in the handshake.
                throw new CryptographicException($"its RSA key has {KeySize} bits; at least 2048 are needed");
            }
        }
        else if (ecdsa is not null)
        {
            KeyType = CertificateKeyType.Ecdsa;
            KeySize = ecdsa.KeySize;
            Curve = ecdsa.ExportParameters(includePrivateParameters: false).Curve.Oid.Value switch
            {
                "1.2.840.10045.3.1.7" => NamedGroup.Secp256R1,
                "1.3.132.0.34" => NamedGroup.Secp384R1,
                "1.3.132.0.35" => NamedGroup.Secp521R1,
                _ => throw new CryptographicException("its key is on a curve other than P-256, P-384 and P-521"),
            };
        }
        else
        {
            throw new CryptographicException("its key is neither RSA nor ECDSA, the types mail clients verify");
        }
    }

    /// <summary>The certificate, with its private key.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>The rest of the chain as its file gives it.</summary>
    public ImmutableArray<X509Certificate2> Intermediates { get; }

    /// <summary>File the certificate came from.</summary>
    public string Source { get; }

    /// <summary>DNS names of subjectAltName in lower case, wildcards included. The subject's common name counts for nothing (RFC 9525).</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Addresses of subjectAltName, for clients that connect to one. They ask for no name and so get the default certificate.</summary>
    public ImmutableArray<IPAddress> Addresses { get; }

    /// <summary>Common name of the issuer, or what its name has instead.</summary>
    public string Issuer { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    public CertificateKeyType KeyType { get; }

    /// <summary>Size of the key in bits.</summary>
    public int KeySize { get; }

    /// <summary>Curve of an ECDSA key.</summary>
    public NamedGroup Curve { get; }

    /// <summary>How the issuer signed; <see cref="SignatureScheme.None"/> for a scheme clients are not asked about.</summary>
    public SignatureScheme IssuerSignature { get; }

    /// <summary>Number of certificates in its file, this one included.</summary>
    public int ChainLength => 1 + Intermediates.Length;

    /// <summary>Distinguished name of the issuer that the file lacks; null if nothing indicates one.</summary>
    public string? MissingIssuer { get; }

    /// <summary>Whether nothing indicates that the file lacks intermediates.</summary>
    public bool HasChain => MissingIssuer is null;

    public bool IsValidAt(DateTimeOffset time) => time >= NotBefore && time <= NotAfter;

    /// <summary>Why clients refuse it at <paramref name="time"/>, in words; null if it is valid then.</summary>
    public string? Invalidity(DateTimeOffset time) =>
        time > NotAfter ? string.Create(CultureInfo.InvariantCulture, $"it expired on {NotAfter:u}; clients refuse it")
        : time < NotBefore ? string.Create(CultureInfo.InvariantCulture, $"it is not valid before {NotBefore:u}; clients refuse it until then")
        : null;

    /// <summary>
    /// That its renewal is overdue at <paramref name="time"/>, in words: 14 days before its end, or, where it is issued for less than 8 weeks, in its
    /// last quarter. Null if it is not, or if it is not valid then.
    /// </summary>
    public string? OverdueRenewal(DateTimeOffset time)
    {
        var left = NotAfter - time;
        var quarter = (NotAfter - NotBefore) / 4;
        if (!IsValidAt(time) || left >= (quarter < Overdue ? quarter : Overdue))
        {
            return null;
        }

        var words = left.TotalDays >= 2 ? $"{(int)left.TotalDays} days" : $"{(int)left.TotalHours} hours";
        return string.Create(CultureInfo.InvariantCulture, $"it expires on {NotAfter:u}, in {words}; renew it");
    }

    /// <summary>What an operator should know of it, in words.</summary>
    public IEnumerable<string> Warnings(DateTimeOffset now) => Invalidity(now) is { } invalid ? Flaws().Prepend(invalid) : Flaws();

    /// <summary>What is wrong with it at any time, in words.</summary>
    public IEnumerable<string> Flaws()
    {
        if (MissingIssuer is not null)
        {
            yield return $"it comes without intermediate certificates up to a root: that of its issuer \"{MissingIssuer}\" is missing, "
                + "and clients that do not have it will not trust it; use the full chain (certbot: fullchain.pem)";
        }

        if (Names.IsEmpty)
        {
            yield return Addresses.IsEmpty
                ? "it has no DNS name in subjectAltName; clients refuse it"
                : "it has only addresses in subjectAltName and no DNS name; clients that connect to a name refuse it";
        }
    }

    private static SignatureScheme SchemeOf(string? signatureAlgorithm) => signatureAlgorithm switch
    {
        "1.2.840.113549.1.1.11" => SignatureScheme.RsaPkcs1Sha256,
        "1.2.840.113549.1.1.12" => SignatureScheme.RsaPkcs1Sha384,
        "1.2.840.113549.1.1.13" => SignatureScheme.RsaPkcs1Sha512,
        "1.2.840.10045.4.3.2" => SignatureScheme.EcdsaSha256,
        "1.2.840.10045.4.3.3" => SignatureScheme.EcdsaSha384,
        "1.2.840.10045.4.3.4" => SignatureScheme.EcdsaSha512,
        // RFC 9325 section 4.5; OpenSSL refuses them too, but in the handshake.
        "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" =>
            throw new CryptographicException("it is signed with MD5 or SHA-1, which clients refuse; have it issued anew"),
        _ => SignatureScheme.None,
    };
}
