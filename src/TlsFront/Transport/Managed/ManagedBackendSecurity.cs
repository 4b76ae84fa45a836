using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace TlsFront.Transport.Managed;

/// <summary>TLS towards a backend with <see cref="SslStream"/>, over any connection that has pipes.</summary>
internal sealed class ManagedBackendSecurity(ConnectionContext connection) : IBackendSecurity
{
    public async ValueTask<ConnectionContext> SecureAsync(BackendTerms terms, CancellationToken stop)
    {
        var stream = new SslStream(new DuplexPipeStream(connection.Transport), leaveInnerStreamOpen: true);
        try
        {
            await stream.AuthenticateAsClientAsync(Options(terms), stop);
            return new SecuredBackend(connection, stream);
        }
        catch (IOException)
        {
            await stream.DisposeAsync();
            throw new AuthenticationException("TLS with it failed: it ended the connection in the handshake");
        }
        catch (AuthenticationException exception)
        {
            await stream.DisposeAsync();
            throw new AuthenticationException($"TLS with it failed: {exception.GetBaseException().Message}", exception);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Options(BackendTerms terms)
    {
        // Offline: what a backend's certificate names is not fetched.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (terms.Authorities is { } authorities)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        return new SslClientAuthenticationOptions
        {
            TargetHost = terms.ServerName,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = terms.ApplicationProtocol is { } protocol ? [new SslApplicationProtocol(protocol)] : null,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = terms.Verify ? null : static (_, certificate, _, _) => certificate is not null,
            AllowRenegotiation = false,
            EncryptionPolicy = EncryptionPolicy.RequireEncryption,
        };
    }
}
