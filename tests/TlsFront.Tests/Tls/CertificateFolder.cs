using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Tls.Certificates;

namespace TlsFront.Tests.Tls;

/// <summary>A temporary folder with certificate files, and stores that read them.</summary>
internal sealed class CertificateFolder : IDisposable
{
    private int _sources;

    public CertificateFolder() => Path = Directory.CreateTempSubdirectory("tlsfront-certificates-").FullName;

    public string Path { get; }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public FakeLogger<CertificateStore> Logger { get; } = new();

    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a folder the way certbot names its files, and returns the source for it.</summary>
    public CertificateSettings Write(TestCertificate certificate, string? name = null)
    {
        var folder = At(name ?? $"source{_sources++}");
        Directory.CreateDirectory(folder);
        File.WriteAllText(System.IO.Path.Combine(folder, "fullchain.pem"), certificate.FullChain);
        File.WriteAllText(System.IO.Path.Combine(folder, "privkey.pem"), certificate.Key);
        return new(folder, null);
    }

    /// <summary>A store with these certificates, the first one the default.</summary>
    public CertificateStore Store(params TestCertificate[] certificates)
    {
        var store = new CertificateStore(Time, Logger);
        if (certificates.Length > 0)
        {
            Assert.Empty(store.UpdateSources([.. certificates.Select(certificate => Write(certificate))]));
        }

        return store;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
