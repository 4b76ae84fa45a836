using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Configuration;
using TlsFront.Protocols;
using TlsFront.Tests.Functional;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.ClientCertificates;

namespace TlsFront.Tests.Transport;

/// <summary>A TLS policy with a certificate of its own for mail.example.com.</summary>
internal sealed class TestPolicy : IDisposable
{
    private readonly string _folder = TestCertificates.CreateFolder("mail.example.com");

    public TestPolicy(TlsSettings? settings = null, ClientCertificateStore? clients = null)
    {
        var store = new CertificateStore(TimeProvider.System, NullLogger<CertificateStore>.Instance);
        Assert.Empty(store.UpdateSources([new CertificateSettings(_folder, null)]));
        Policy = new TlsPolicy(settings ?? new TlsSettings(), MailProtocol.Smtp, store, clients: clients);
    }

    public TlsPolicy Policy { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
