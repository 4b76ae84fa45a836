using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Connections;
using TlsFront.Tls;

namespace TlsFront.Transport.Managed;

/// <summary>
/// Translates a selection to <see cref="SslStream"/>'s options, once per certificate and parameters: building the chain is costly. Weakly held, so that
/// replaced certificates and reloaded policies go with their last session.
/// </summary>
internal static class ManagedTlsOptions
{
    private static readonly ConditionalWeakTable<LoadedCertificate, ConditionalWeakTable<TlsParameters, SslServerAuthenticationOptions>> Cache = [];
    private static readonly ConditionalWeakTable<LoadedCertificate, SslStreamCertificateContext> Contexts = [];

    public static SslServerAuthenticationOptions For(LoadedCertificate certificate, TlsParameters parameters) =>
        Cache.GetOrCreateValue(certificate).GetValue(parameters, rules => Create(certificate, rules));

    private static SslServerAuthenticationOptions Create(LoadedCertificate certificate, TlsParameters parameters) => new()
    {
        ServerCertificateContext = Contexts.GetValue(certificate, CreateContext),
        EnabledSslProtocols = parameters.MinimumVersion >= TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
        // Schannel takes its suites from the machine's policy alone.
        CipherSuitesPolicy = OperatingSystem.IsWindows() ? null : new CipherSuitesPolicy(parameters.CipherSuites),
        ApplicationProtocols = parameters.ApplicationProtocol is { } protocol ? [new SslApplicationProtocol(protocol)] : null,
        ClientCertificateRequired = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        AllowRenegotiation = false,
        // Tickets of SslStream are bound to the certificate alone: one made on a lax listener would resume on a strict one.
        AllowTlsResume = false,
        EncryptionPolicy = EncryptionPolicy.RequireEncryption,
    };

    /// <summary>Offline: neither missing issuers nor OCSP answers are fetched. The chain is the file's.</summary>
    private static SslStreamCertificateContext CreateContext(LoadedCertificate certificate) =>
        SslStreamCertificateContext.Create(certificate.Leaf, [.. certificate.Intermediates], offline: true);
}
