using System.Collections.Concurrent;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Connections;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.ClientCertificates;
using TlsFront.Tls.Hello;

namespace TlsFront.Transport.Managed;

/// <summary>
/// Translates a selection to <see cref="SslStream"/>'s options, once per certificate, parameters and suite: building the chain is costly. Weakly
/// held, so that replaced certificates and reloaded policies go with their last session.
/// </summary>
internal static class ManagedTlsOptions
{
    private static readonly ConditionalWeakTable<LoadedCertificate, ConditionalWeakTable<TlsParameters, Variants>> Cache = [];
    private static readonly ConditionalWeakTable<LoadedCertificate, SslStreamCertificateContext> Contexts = [];

    /// <summary>Those that name authorities of clients, by what the authorities' file holds.</summary>
    private static readonly ConditionalWeakTable<
        LoadedCertificate, ConditionalWeakTable<X509Certificate2Collection, SslStreamCertificateContext>> NamingContexts = [];

    /// <summary>Schannel names the authorities of a store of the machine, and macOS' TLS none.</summary>
    [SupportedOSPlatformGuard("linux")]
    private static bool CanNameAuthorities => OperatingSystem.IsLinux();

    /// <summary>The options for a client with this hello, which shares a suite with <paramref name="parameters"/>.</summary>
    public static SslServerAuthenticationOptions For(LoadedCertificate certificate, TlsParameters parameters, ClientHello hello) =>
        Cache.GetOrCreateValue(certificate).GetOrCreateValue(parameters).GetOrAdd(
            PreferredSuite(hello, certificate.KeyType),
            static (suite, terms) => Create(terms.certificate, terms.parameters, suite),
            (certificate, parameters));

    /// <summary>The same for a client that <paramref name="check"/> asks for a certificate: of this handshake alone, as its answer is.</summary>
    public static SslServerAuthenticationOptions For(
        LoadedCertificate certificate, TlsParameters parameters, ClientHello hello, ManagedClientCertificateCheck check)
    {
        var options = Create(certificate, parameters, PreferredSuite(hello, certificate.KeyType));
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = check.Validate;
        if (check.Trusted is { } trusted && CanNameAuthorities)
        {
            options.ServerCertificateContext = NamingContexts.GetOrCreateValue(certificate).GetValue(
                trusted, trusted => AuthorityNames.CanBeTold(trusted)
                    ? CreateContext(certificate, SslCertificateTrust.CreateForX509Collection(trusted, sendTrustInHandshake: true))
                    : CreateContext(certificate));
        }

        // SslStream builds a chain before it asks: it must not fetch what a client's certificate tells it to.
        options.CertificateChainPolicy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        return options;
    }

    /// <summary>The client's order decides, but SslStream takes the server's: so the client's first goes to the front of that.</summary>
    private static TlsCipherSuite PreferredSuite(ClientHello hello, CertificateKeyType key)
    {
        var usable = CipherSuites.For(hello.MaximumVersion >= TlsVersion.Tls13 ? TlsVersion.Tls13 : TlsVersion.Tls12, key, TlsVersion.Tls12);
        return hello.CipherSuites.First(usable.Contains);
    }

    private static SslServerAuthenticationOptions Create(LoadedCertificate certificate, TlsParameters parameters, TlsCipherSuite preferred) => new()
    {
        ServerCertificateContext = Contexts.GetValue(certificate, CreateContext),
        EnabledSslProtocols = parameters.MinimumVersion >= TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
        // Schannel takes its suites from the machine's policy alone.
        CipherSuitesPolicy = OperatingSystem.IsWindows() ? null : new(parameters.CipherSuites.OrderBy(suite => suite != preferred)),
        ApplicationProtocols = parameters.ApplicationProtocol is { } protocol ? [new SslApplicationProtocol(protocol)] : null,
        ClientCertificateRequired = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        AllowRenegotiation = false,
        // Tickets of SslStream are bound to the certificate alone: one made on a lax listener would resume on a strict one.
        AllowTlsResume = false,
        EncryptionPolicy = EncryptionPolicy.RequireEncryption,
    };

    /// <summary>Offline: neither missing issuers nor OCSP answers are fetched. The chain is the file's.</summary>
    private static SslStreamCertificateContext CreateContext(LoadedCertificate certificate) => CreateContext(certificate, trust: null);

    private static SslStreamCertificateContext CreateContext(LoadedCertificate certificate, SslCertificateTrust? trust) =>
        SslStreamCertificateContext.Create(certificate.Leaf, [.. certificate.Intermediates], offline: true, trust);

    /// <summary>By the suite that comes first.</summary>
    private sealed class Variants : ConcurrentDictionary<TlsCipherSuite, SslServerAuthenticationOptions>;
}
