using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Tests.Tls;

/// <summary>A certificate authority with one intermediate, made anew for a test run.</summary>
internal sealed class TestAuthority
{
    public static readonly TestAuthority Shared = new();

    private readonly X509Certificate2 _intermediate;

    public TestAuthority()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = Authority("CN=Test Root", rootKey).CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(10));
        Root = X509CertificateLoader.LoadCertificate(root.RawData);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _intermediate = Authority("CN=Test Intermediate", key)
            .Create(root, DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(9), [1])
            .CopyWithPrivateKey(key);
    }

    /// <summary>The certificate clients trust.</summary>
    public X509Certificate2 Root { get; }

    public string IntermediatePem => _intermediate.ExportCertificatePem() + "\n";

    public TestCertificate Ecdsa(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Issue(new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256), key.ExportPkcs8PrivateKeyPem(), names);
    }

    public TestCertificate Ecdsa(ECCurve curve, params string[] names)
    {
        using var key = ECDsa.Create(curve);
        return Issue(new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256), key.ExportECPrivateKeyPem(), names);
    }

    public TestCertificate Rsa(params string[] names) => Rsa(2048, names);

    public TestCertificate Rsa(int keySize, params string[] names)
    {
        using var key = RSA.Create(keySize);
        return Issue(
            new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), key.ExportRSAPrivateKeyPem(), names);
    }

    public TestCertificate Valid(DateTimeOffset from, DateTimeOffset to, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Issue(new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256), key.ExportPkcs8PrivateKeyPem(), names, from, to);
    }

    /// <summary>Signed with RSA by its own key.</summary>
    public static TestCertificate SelfSignedRsa(params string[] names) =>
        SelfSignedRsa(static key => X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1), names);

    /// <summary>The like of it signed with SHA-1, which .NET does not offer any more.</summary>
    public static TestCertificate SelfSignedSha1(params string[] names) => SelfSignedRsa(static key => new Sha1Generator(key), names);

    private static TestCertificate SelfSignedRsa(Func<RSA, X509SignatureGenerator> generator, string[] names)
    {
        using var key = RSA.Create(2048);
        var request = WithNames(new CertificateRequest("CN=self", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), names);
        using var certificate = request.Create(
            request.SubjectName, generator(key), DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(90), [1]);
        return new TestCertificate(certificate.ExportCertificatePem() + "\n", "", key.ExportPkcs8PrivateKeyPem() + "\n", certificate.Thumbprint);
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request;
    }

    private TestCertificate Issue(CertificateRequest request, string key, string[] names, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        WithNames(request, names);
        var generator = X509SignatureGenerator.CreateForECDsa(_intermediate.GetECDsaPrivateKey()!);
        using var leaf = request.Create(
            _intermediate.SubjectName, generator, from ?? DateTimeOffset.UtcNow.AddDays(-1), to ?? DateTimeOffset.UtcNow.AddDays(90),
            RandomNumberGenerator.GetBytes(8));
        return new TestCertificate(leaf.ExportCertificatePem() + "\n", IntermediatePem, key + "\n", leaf.Thumbprint);
    }

    private static CertificateRequest WithNames(CertificateRequest request, string[] names)
    {
        if (names.Length > 0)
        {
            var builder = new SubjectAlternativeNameBuilder();
            foreach (var name in names)
            {
                builder.AddDnsName(name);
            }

            request.CertificateExtensions.Add(builder.Build());
        }

        return request;
    }

    private sealed class Sha1Generator(RSA key) : X509SignatureGenerator
    {
        /// <summary>sha1WithRSAEncryption.</summary>
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
            [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x05, 0x05, 0x00];

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
            key.SignData(data, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
