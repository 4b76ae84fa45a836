using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Tests.Functional;

/// <summary>A certificate folder as certbot leaves it, self-signed.</summary>
internal static class TestCertificates
{
    public static string CreateFolder(params string[] names)
    {
        var folder = Directory.CreateTempSubdirectory("tlsfront-test-").FullName;
        Write(folder, names);
        return folder;
    }

    public static void Write(string folder, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(60));
        File.WriteAllText(Path.Combine(folder, "privkey.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "fullchain.pem"), certificate.ExportCertificatePem());
    }
}
