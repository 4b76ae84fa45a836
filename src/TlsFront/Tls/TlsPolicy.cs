using System.Collections.Immutable;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tls;

/// <summary>
/// TLS rules of a listener and its routes. Decides on the peeked ClientHello alone, so that every engine refuses alike and tells the client why with
/// the right alert. This is the only place where a server name becomes a route.
/// </summary>
internal sealed class TlsPolicy
{
    private readonly CertificateStore _store;
    private readonly TlsTerms _own;
    private readonly ServerNameTable<TlsTerms> _routes;

    /// <param name="settings">The listener's own rules.</param>
    /// <param name="protocol">What is spoken behind TLS.</param>
    /// <param name="store">The certificates.</param>
    /// <param name="routes">The listener's routes, each with its backend.</param>
    public TlsPolicy(TlsSettings settings, MailProtocol protocol, CertificateStore store, IEnumerable<(RouteSettings Settings, BackendSettings Backend)>? routes = null)
    {
        var applicationProtocol = protocol switch
        {
            MailProtocol.Imap => "imap",
            MailProtocol.Pop3 => "pop3",
            // IANA knows no id for SMTP; clients that offer one of their own, or HTTP's, are served all the same.
            _ => null,
        };
        _store = store;
        _own = TlsTerms.Of(settings, applicationProtocol, new CertificateScope(store, []));
        _routes = new(
            from route in routes ?? []
            let certificates = new CertificateScope(store, route.Settings.Certificates)
            from name in route.Settings.Names
            select KeyValuePair.Create(name, TlsTerms.Of(route.Settings.Tls, applicationProtocol, certificates, new TlsRoute(name, route.Backend))));
    }

    /// <summary>All certificates that the gateway may present now, for this listener or another.</summary>
    public ImmutableArray<LoadedCertificate> Certificates => _store.Current.All;

    /// <summary>Chooses the route of <paramref name="hello"/>, and the certificate it gets there or the reason it gets none.</summary>
    public TlsSelection Select(ClientHello hello)
    {
        var terms = _routes.Find(hello.ServerName) ?? _own;
        var minimum = terms.Parameters.MinimumVersion;
        if (hello.MaximumVersion is not { } version || version < minimum)
        {
            return Refuse(terms, CloseReason.TlsVersionTooOld, TlsAlert.ProtocolVersion, hello.MaximumVersion is { } best
                ? $"client offers at most {best.Words()}; minimum is {minimum.Words()}"
                : $"client offers no known TLS version; minimum is {minimum.Words()}");
        }

        var certificates = terms.Certificates.Current;
        if (certificates.All.IsEmpty)
        {
            return Refuse(terms, CloseReason.TlsNoCertificate, TlsAlert.InternalError, "no certificate is loaded");
        }

        if (hello.SignatureAlgorithms.IsEmpty)
        {
            // RFC 8446 section 9.2, and RFC 9155 section 2 for 1.2, where absence would mean SHA-1.
            return Refuse(terms, CloseReason.TlsHandshakeFailed, version >= TlsVersion.Tls13 ? TlsAlert.MissingExtension : TlsAlert.HandshakeFailure,
                "client does not say which signatures it verifies");
        }

        var found = certificates.Find(hello.ServerName);
        if (!found.Covered && hello.ServerName is not null && terms.UnknownName == UnknownName.Reject)
        {
            return Refuse(terms, CloseReason.TlsUnknownName, TlsAlert.UnrecognizedName, $"no certificate covers the name {hello.ServerName} the client asks for");
        }

        // One for the very name that nobody renews any more must not stand before a wildcard that is valid.
        var certificate = Best(found.First, hello, version);
        if (certificate?.IsValidAt(_store.Now) != true && Best(found.Second, hello, version) is { } wider && (certificate is null || wider.IsValidAt(_store.Now)))
        {
            certificate = wider;
        }

        if (certificate is null)
        {
            return Refuse(terms, CloseReason.TlsNoSharedCipher, TlsAlert.HandshakeFailure, NoSharedCipher(found.First, hello, version));
        }

        if (terms.Parameters.ApplicationProtocol is { } protocol && !hello.ApplicationProtocols.IsEmpty && !hello.ApplicationProtocols.Contains(protocol))
        {
            return Refuse(terms, CloseReason.TlsNoSharedProtocol, TlsAlert.NoApplicationProtocol, $"client's ALPN list lacks {protocol}");
        }

        return new TlsSelection(certificate, terms.Parameters, terms.Route);
    }

    private static TlsSelection Refuse(TlsTerms terms, CloseReason reason, TlsAlert alert, string detail) => new(new TlsRefusal(reason, alert, detail), terms.Route);

    /// <summary>
    /// The best of several certificates for one name that the client can verify: one whose chain it verifies too, then one that is valid
    /// today, then ECDSA, which costs least; then the first configured.
    /// </summary>
    private LoadedCertificate? Best(ImmutableArray<LoadedCertificate> candidates, ClientHello hello, TlsVersion version)
    {
        LoadedCertificate? best = null;
        var bestScore = 0;
        foreach (var candidate in candidates)
        {
            if (!SharesSuite(hello, version, candidate.KeyType) || !CertificateChoice.CanVerify(hello, version, candidate))
            {
                continue;
            }

            var score = 1
                + (CertificateChoice.CanVerifyIssuer(hello, candidate) ? 4 : 0)
                + (candidate.IsValidAt(_store.Now) ? 2 : 0)
                + (candidate.KeyType == CertificateKeyType.Ecdsa ? 1 : 0);
            if (score > bestScore)
            {
                (best, bestScore) = (candidate, score);
            }
        }

        return best;
    }

    private static bool SharesSuite(ClientHello hello, TlsVersion version, CertificateKeyType key)
    {
        foreach (var suite in CipherSuites.For(version, key))
        {
            if (hello.CipherSuites.Contains(suite))
            {
                return true;
            }
        }

        return false;
    }

    private static string NoSharedCipher(ImmutableArray<LoadedCertificate> candidates, ClientHello hello, TlsVersion version)
    {
        if (!SharesSuite(hello, version, CertificateKeyType.Rsa) && !SharesSuite(hello, version, CertificateKeyType.Ecdsa))
        {
            return $"client offers no cipher suite of the profile for {version.Words()}";
        }

        var type = candidates.All(static certificate => certificate.KeyType == CertificateKeyType.Ecdsa) ? "ECDSA" : "RSA";
        return $"client cannot verify the only certificate for this name, whose key is {type}; configure one of the other type as well";
    }
}
