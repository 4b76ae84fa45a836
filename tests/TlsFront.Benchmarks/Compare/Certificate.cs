using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Benchmarks.Compare;

/// <summary>One self-signed certificate of a kind of key, in the forms the proxies want.</summary>
internal sealed class Certificate
{
    private Certificate(string folder, string name)
    {
        Folder = folder;
        Name = name;
    }

    /// <summary>Name it is for, and which clients ask for.</summary>
    public string Name { get; }

    /// <summary>Holds the files.</summary>
    public string Folder { get; }

    /// <summary>The certificate.</summary>
    public string ChainFile => Path.Combine(Folder, "fullchain.pem");

    /// <summary>Its key.</summary>
    public string KeyFile => Path.Combine(Folder, "privkey.pem");

    /// <summary>Both in one file.</summary>
    public string BundleFile => Path.Combine(Folder, "bundle.pem");

    /// <summary>ECDSA with P-256.</summary>
    public static Certificate CreateEcdsa(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Create(folder, "ecdsa.bench.test", name => new CertificateRequest(name, key, HashAlgorithmName.SHA256), key);
    }

    /// <summary>RSA with 2048 bits.</summary>
    public static Certificate CreateRsa(string folder)
    {
        using var key = RSA.Create(2048);
        return Create(folder, "rsa.bench.test", name => new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), key);
    }

    private static Certificate Create(string parent, string name, Func<string, CertificateRequest> createRequest, AsymmetricAlgorithm key)
    {
        var certificate = new Certificate(Directory.CreateDirectory(Path.Combine(parent, name)).FullName, name);
        var request = createRequest("CN=" + name);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        var chain = signed.ExportCertificatePem() + "\n";
        var secret = key.ExportPkcs8PrivateKeyPem() + "\n";
        File.WriteAllText(certificate.ChainFile, chain);
        File.WriteAllText(certificate.KeyFile, secret);
        File.WriteAllText(certificate.BundleFile, chain + secret);
        return certificate;
    }
}
