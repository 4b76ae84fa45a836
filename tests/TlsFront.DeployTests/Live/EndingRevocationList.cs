using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TlsFront.SystemTests;

namespace TlsFront.DeployTests.Live;

/// <summary>An authority of clients whose revocation list nobody renewed in time: it has half a day left.</summary>
internal sealed class EndingRevocationList : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EndingRevocationList()
    {
        var now = DateTimeOffset.UtcNow;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Users", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var authority = request.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));
        var list = new CertificateRevocationListBuilder().Build(
            authority, 1, now.AddHours(12), HashAlgorithmName.SHA256, thisUpdate: now.AddDays(-6));
        File.WriteAllText(_folder.PathOf("ca.pem"), authority.ExportCertificatePem());
        File.WriteAllText(_folder.PathOf("crl.pem"), PemEncoding.WriteString("X509 CRL", list));
    }

    /// <summary>tls.clientCertificates of a listener.</summary>
    public string Setting => $"{{ ca: \"{_folder.PathOf("ca.pem")}\", crl: \"{_folder.PathOf("crl.pem")}\" }}";

    public void Dispose() => _folder.Dispose();
}
