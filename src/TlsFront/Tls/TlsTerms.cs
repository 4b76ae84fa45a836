using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.ClientCertificates;

namespace TlsFront.Tls;

/// <summary>What the clients of a listener get, or those of them that ask for one routed name.</summary>
/// <param name="Route">The route; null for the listener's own terms.</param>
/// <param name="Parameters">Terms of the handshake.</param>
/// <param name="WithoutProtocol">The same for a client that offers other protocols only; null if it is refused.</param>
/// <param name="UnknownName">What a name gets that no certificate covers.</param>
/// <param name="Certificates">The certificates to choose from.</param>
internal sealed record TlsTerms(
    TlsRoute? Route, TlsParameters Parameters, TlsParameters? WithoutProtocol, UnknownName UnknownName, CertificateScope Certificates)
{
    /// <summary>The terms that <paramref name="settings"/> mean.</summary>
    public static TlsTerms Of(
        TlsSettings settings, string? applicationProtocol, CertificateScope certificates, ClientCertificatePolicy? clients, TlsRoute? route = null)
    {
        var minimum = settings.Profile == TlsProfile.Modern ? TlsVersion.Tls13 : settings.MinimumVersion;
        var parameters = new TlsParameters
        {
            MinimumVersion = minimum,
            CipherSuites = CipherSuites.From(minimum),
            // TLS 1.0 and 1.1 sign with SHA-1 and MD5, which every other level of OpenSSL 3 refuses.
            SecurityLevel = minimum < TlsVersion.Tls12 ? 0 : null,
            ApplicationProtocol = applicationProtocol,
            Route = route?.Name,
            ClientCertificates = clients,
        };
        var withoutProtocol = settings.Alpn == AlpnMode.Ignore ? parameters with { ApplicationProtocol = null } : null;
        return new(route, parameters, withoutProtocol, settings.UnknownName, certificates);
    }
}
