using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;
using TlsFront.Protocols;
using TlsFront.Tests.Tls;
using TlsFront.Tests.Tls.ClientCertificates;
using TlsFront.Tls;

namespace TlsFront.Tests.Transport.Native;

/// <summary>The names of clients' authorities are the context's, which handshakes share.</summary>
public sealed class AuthorityContextTests : IDisposable
{
    private readonly CertificateFolder _folder = new();
    private readonly ClientAuthority _authority = new("CN=Number 0");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Names_follow_the_file_and_contexts_of_replaced_ones_do_not_pile_up()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var settings = new ClientCertificateSettings(_authority.AuthorityFile);
        using var clients = ClientAuthority.Store(settings);
        var certificates = _folder.Store(TestAuthority.Shared.Ecdsa("mail.example.com"));
        for (var i = 0; i < 5; i++)
        {
            // A reload that changes none of it is no reason for another context.
            for (var reload = 0; reload < 3; reload++)
            {
                gateway.Policy = new TlsPolicy(
                    new TlsSettings { ClientCertificates = settings }, MailProtocol.Imap, certificates, clients: clients);
                Assert.Equal([$"CN=Number {i}"], await NamesAsync(gateway, SslProtocols.Tls13));
                Assert.Equal([$"CN=Number {i}"], await NamesAsync(gateway, SslProtocols.Tls12));
            }

            // The one in use, and the one before it.
            Assert.Equal(Math.Min(i + 1, 2), gateway.Objects.Live.Contexts);
            using var next = new ClientAuthority($"CN=Number {i + 1}");
            File.Copy(next.AuthorityFile, _authority.AuthorityFile, overwrite: true);
            File.SetLastWriteTimeUtc(_authority.AuthorityFile, DateTime.UtcNow.AddMinutes(i + 1));
            clients.Refresh();
            clients.Refresh();
        }
    }

    private static async Task<string[]> NamesAsync(NativeGateway gateway, SslProtocols version)
    {
        string[] named = [];
        await using var client = new SslStream(new NetworkStream(await gateway.ConnectAsync(), ownsSocket: true));
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mail.example.com",
            EnabledSslProtocols = version,
            LocalCertificateSelectionCallback = (_, _, _, _, acceptable) => Note(acceptable)!,
            RemoteCertificateValidationCallback = static (_, server, _, _) => server is not null,
        }).WaitAsync(NativeGateway.Patience);
        return named;

        X509Certificate? Note(string[] acceptable)
        {
            // The first time is before the handshake.
            named = [.. named.Union(acceptable)];
            return null;
        }
    }
}
