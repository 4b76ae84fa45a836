using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace TlsFront.Transport.Managed;

/// <summary>TLS towards a backend with <see cref="SslStream"/>, over any connection that has pipes.</summary>
internal sealed class ManagedBackendSecurity(ConnectionContext connection) : IBackendSecurity
{
    public async ValueTask<ConnectionContext> SecureAsync(BackendTlsParameters parameters, CancellationToken stop)
    {
        var stream = new SslStream(new DuplexPipeStream(connection.Transport), leaveInnerStreamOpen: true);
        CertificateRefusedException? refused = null;
        try
        {
            await stream.AuthenticateAsClientAsync(Options(parameters, why => refused = why), stop);
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
            throw refused ?? new AuthenticationException($"TLS with it failed: {exception.GetBaseException().Message}", exception);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Options(BackendTlsParameters parameters, Action<CertificateRefusedException> refuse)
    {
        // Offline: what a backend's certificate names is not fetched.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (parameters.Authorities is { } authorities)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        return new SslClientAuthenticationOptions
        {
            TargetHost = parameters.ServerName,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = parameters.ApplicationProtocol is { } protocol ? [new SslApplicationProtocol(protocol)] : null,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                if (certificate is not null && parameters.Verify && errors != SslPolicyErrors.None)
                {
                    refuse(Refusal(chain, errors, parameters.ServerName));
                }

                return certificate is not null && (!parameters.Verify || errors == SslPolicyErrors.None);
            },
            AllowRenegotiation = false,
            EncryptionPolicy = EncryptionPolicy.RequireEncryption,
        };
    }

    private static CertificateRefusedException Refusal(X509Chain? chain, SslPolicyErrors errors, string name)
    {
        var status = chain?.ChainStatus ?? [];
        return !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? new($"it is not for {name}", CertificateDoubt.Name)
            : new(
                string.Join(", ", status.Select(static part => part.StatusInformation.TrimEnd())),
                Array.Exists(status, static part => part.Status is X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain)
                    ? CertificateDoubt.Authority
                    : CertificateDoubt.Other);
    }
}
