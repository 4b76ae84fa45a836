using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TlsFront.SystemTests.Certificates;

/// <summary>
/// A certificate authority of one test's own, with one root for each kind of key as public authorities have: a client that knows RSA
/// only cannot verify an RSA certificate that was signed with ECDSA.
/// </summary>
public sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly X509Certificate2 _ecdsaRoot;
    private readonly X509Certificate2 _rsaRoot;

    public TestAuthority()
    {
        _ecdsaRoot = Root(new CertificateRequest("CN=TlsFront test root E", _ecdsa, HashAlgorithmName.SHA256));
        _rsaRoot = Root(new CertificateRequest("CN=TlsFront test root R", _rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>Its own certificates, what clients trust.</summary>
    public string Pem => _ecdsaRoot.ExportCertificatePem() + "\n" + _rsaRoot.ExportCertificatePem() + "\n";

    /// <summary>Issues a certificate.</summary>
    public IssuedCertificate Issue(KeyKind kind, params IReadOnlyList<string> names)
    {
        var subject = new X500DistinguishedName($"CN={names[0]}");
        if (kind == KeyKind.Ecdsa)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return Issue(
                new CertificateRequest(subject, key, HashAlgorithmName.SHA256), names, _ecdsaRoot, X509SignatureGenerator.CreateForECDsa(_ecdsa),
                key);
        }
        else
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return Issue(request, names, _rsaRoot, X509SignatureGenerator.CreateForRSA(_rsa, RSASignaturePadding.Pkcs1), key);
        }
    }

    /// <summary>Validates as a client does that trusts this authority alone.</summary>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? received, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(new X509Certificate2Collection { _ecdsaRoot, _rsaRoot });
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(leaf);
    }

    public void Dispose()
    {
        _ecdsaRoot.Dispose();
        _rsaRoot.Dispose();
        _ecdsa.Dispose();
        _rsa.Dispose();
    }

    private static X509Certificate2 Root(CertificateRequest request)
    {
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    private static IssuedCertificate Issue(
        CertificateRequest request, IReadOnlyList<string> names, X509Certificate2 root, X509SignatureGenerator generator, AsymmetricAlgorithm key)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
        var serial = RandomNumberGenerator.GetBytes(12);
        // Positive, and without a leading zero that openssl would not print.
        serial[0] = (byte)((serial[0] & 0x3f) | 0x40);
        using var certificate = request.Create(
            root.SubjectName, generator, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(20), serial);
        return new IssuedCertificate(
            certificate.ExportCertificatePem() + "\n" + root.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n",
            certificate.SerialNumber);
    }
}
