using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;
using TlsFront.Protocols;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Transport.Managed;

namespace TlsFront.Tests.Tls;

/// <summary>A client of the platform's own on one end of a connection in memory, our handshake on the other.</summary>
[UnsupportedOSPlatform("windows")]
public abstract class ManagedTlsTest : IDisposable
{
    private protected static readonly TestCertificate Ecdsa = TestAuthority.Shared.Ecdsa("mail.example.com");
    private protected static readonly TestCertificate Rsa = TestAuthority.Shared.Rsa("mail.example.com");

    private readonly CancellationTokenSource _watchdog = new(TimeSpan.FromSeconds(60));

    private protected CertificateFolder Folder { get; } = new();

    private protected DuplexPipePair Pair { get; } = new();

    private protected CancellationToken Deadline => _watchdog.Token;

    public void Dispose()
    {
        Folder.Dispose();
        _watchdog.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static SslClientAuthenticationOptions Client(SslProtocols protocols = SslProtocols.None, string name = "mail.example.com") =>
        new()
        {
            TargetHost = name,
            EnabledSslProtocols = protocols,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { TestAuthority.Shared.Root },
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
            RemoteCertificateValidationCallback = static (_, _, _, errors) => (errors & SslPolicyErrors.RemoteCertificateChainErrors) == 0,
        };

    private protected static TlsPolicy Policy(
        TlsSettings? settings = null, MailProtocol protocol = MailProtocol.Smtp, CertificateStore? store = null) =>
        new(settings ?? new TlsSettings(), protocol, store!);

    private protected static string? Thumbprint(SslStream? client) => ((X509Certificate2?)client?.RemoteCertificate)?.Thumbprint;

    private protected async Task<(ManagedTlsHandshake.Result Server, SslStream? Client)> ConnectAsync(
        TlsPolicy policy, SslClientAuthenticationOptions options, byte[]? hello = null)
    {
        var client = new SslStream(new DuplexPipeStream(Pair.Client));
        var server = ManagedTlsHandshake.AuthenticateAsync(Pair.Server, policy, Deadline).AsTask();
        await client.AuthenticateAsClientAsync(options, Deadline);
        if (hello is not null)
        {
            await client.WriteAsync(hello, Deadline);
        }

        return (await server, client);
    }

    /// <summary>Runs a handshake the policy refuses; returns the alert that a real client read from the wire.</summary>
    private protected async Task<(ManagedTlsHandshake.Result Server, int Alert)> RefusedAsync(
        TlsPolicy policy, SslClientAuthenticationOptions options)
    {
        await using var client = new SslStream(new DuplexPipeStream(Pair.Client));
        var server = ManagedTlsHandshake.AuthenticateAsync(Pair.Server, policy, Deadline).AsTask();
        var failure = await Assert.ThrowsAsync<AuthenticationException>(() => client.AuthenticateAsClientAsync(options, Deadline));
        var result = await server;
        Assert.Null(result.Stream);
        Assert.Null(result.Outcome.Facts);
        // OpenSSL: the reason of an alert received is its number plus 1000.
        return (result, (failure.GetBaseException().HResult & 0x7FFFFF) - 1000);
    }
}
