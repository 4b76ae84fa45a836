using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.Tests.Tls;
using TlsFront.Transport;

namespace TlsFront.Tests.Functional;

/// <summary>A certificate from PKCS #12 in a real handshake, with its chain, on both engines.</summary>
public sealed class Pkcs12FunctionalTests
{
    private const string Password = "pass wörd";

    [Theory]
    [InlineData(EngineChoice.Managed, false)]
    [InlineData(EngineChoice.Managed, true)]
    [InlineData(EngineChoice.Native, false)]
    [InlineData(EngineChoice.Native, true)]
    public async Task A_client_that_knows_the_root_alone_trusts_it(object engine, bool rsa)
    {
        using var folder = new CertificateFolder();
        var certificate = rsa ? TestAuthority.Shared.Rsa("mail.example.com") : TestAuthority.Shared.Ecdsa("mail.example.com");
        await File.WriteAllBytesAsync(folder.At("mail.pfx"), certificate.Pkcs12(Password));
        await File.WriteAllTextAsync(folder.At("password"), Password + "\n");
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with { Certificates = [new(folder.At("mail.pfx"), null, folder.At("password"))] },
            services => services.AddSingleton(provider => EngineSelection.Create(
                (EngineChoice)engine, new NativeSettings(), null, provider.GetRequiredService<IMemoryPoolFactory<byte>>(), TimeProvider.System,
                provider.GetRequiredService<ILoggerFactory>())));

        using var socket = new TcpClient();
        await socket.ConnectAsync((IPEndPoint)gateway.Host.MailAddresses["imaps"]).WaitAsync(TestClient.Patience);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mail.example.com",
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { TestAuthority.Shared.Root },
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
        }).WaitAsync(TestClient.Patience);
        Assert.Equal(certificate.Thumbprint, tls.RemoteCertificate!.GetCertHashString());
    }
}
