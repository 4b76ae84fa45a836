using System.Collections.Immutable;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.ClientCertificates;
using TlsFront.Tls.Hello;

namespace TlsFront.Tls;

/// <summary>
/// TLS rules of a listener and its routes. Decides on the peeked ClientHello alone, so that every engine refuses alike and tells the client why with
/// the right alert. Nowhere else does a server name alone become a route.
/// </summary>
internal sealed class TlsPolicy
{
    private readonly CertificateStore _store;
    private readonly TlsTerms _own;
    private readonly ServerNameTable<TlsTerms> _routes;
    private bool _asksForCertificates = true;
    private TlsPolicy? _legacy;
    private Func<ClientHello, bool> _mayHaveLegacy = static _ => false;

    /// <param name="settings">The listener's own rules.</param>
    /// <param name="protocol">What is spoken behind TLS.</param>
    /// <param name="store">The certificates.</param>
    /// <param name="routes">The listener's routes, each with its backend. Those that need the user are nothing that a hello can choose.</param>
    /// <param name="own">Sources of the listener's own certificates.</param>
    /// <param name="security">
    /// When TLS begins. Clients of STARTTLS offer no ALPN for mail, which came with implicit TLS; one that offers anything means something else by it
    /// and is served.
    /// </param>
    /// <param name="clients">By which clients' certificates are judged; null where none are asked for.</param>
    public TlsPolicy(
        TlsSettings settings, MailProtocol protocol, CertificateStore store,
        IEnumerable<(RouteSettings Settings, BackendSettings Backend)>? routes = null, IReadOnlyList<CertificateSettings>? own = null,
        ListenerSecurity security = ListenerSecurity.Implicit, ClientCertificateStore? clients = null)
    {
        ClientCertificatePolicy? ClientsOf(TlsSettings settings) => clients?.Find(settings.ClientCertificates);

        TlsSettings Of(TlsSettings settings) => security != ListenerSecurity.Implicit ? settings with { Alpn = AlpnMode.Ignore } : settings;

        // IANA knows no id for SMTP; clients that offer one of their own, or HTTP's, are served all the same.
        var applicationProtocol = ProtocolProfile.Of(protocol).ApplicationProtocol;
        _store = store;
        var certificatesOfListener = new CertificateScope(store, own ?? []);
        _own = TlsTerms.Of(Of(settings), applicationProtocol, certificatesOfListener, ClientsOf(settings));
        _routes = new(
            from route in routes ?? []
            where !route.Settings.NeedsUser
            let certificates = route.Settings.Certificates is { Count: > 0 } ofRoute
                ? new CertificateScope(store, ofRoute, isExclusive: true) : certificatesOfListener
            let clientsOfRoute = ClientsOf(route.Settings.Tls)
            from name in route.Settings.Names
            let terms = TlsTerms.Of(Of(route.Settings.Tls), applicationProtocol, certificates, clientsOfRoute, new TlsRoute(name, route.Backend))
            select KeyValuePair.Create(name, terms));
    }

    /// <summary>The rules of <paramref name="listener"/>.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="backends">Every backend, by name.</param>
    /// <param name="store">The certificates.</param>
    /// <param name="clients">By which clients' certificates are judged.</param>
    public static TlsPolicy Of(
        ListenerSettings listener, IReadOnlyDictionary<string, BackendSettings> backends, CertificateStore store, ClientCertificateStore clients) =>
        new(
            listener.Tls, listener.Protocol, store, listener.Routes.Select(route => (route, backends[route.Backend])), listener.Certificates,
            listener.Security, clients);

    /// <summary>Whether there is any certificate to present to a client that asks for no routed name.</summary>
    public bool HasCertificate => !_own.Certificates.Current.All.IsEmpty;

    /// <summary>All certificates that the gateway may present now, for this listener or another.</summary>
    public ImmutableArray<LoadedCertificate> Certificates => _store.Current.All;

    /// <summary>The same for the gateway's own handshakes with itself, which have no certificate of a client's.</summary>
    public TlsPolicy WithoutClientCertificates()
    {
        var copy = (TlsPolicy)MemberwiseClone();
        copy._asksForCertificates = false;
        return copy;
    }

    /// <summary>
    /// The same, but <paramref name="legacy"/> chooses for a hello that gets nothing here, if <paramref name="mayHave"/> says so. Whoever can do
    /// better never meets the weak terms.
    /// </summary>
    public TlsPolicy OrElse(TlsPolicy legacy, Func<ClientHello, bool> mayHave)
    {
        var copy = (TlsPolicy)MemberwiseClone();
        (copy._legacy, copy._mayHaveLegacy) = (legacy, mayHave);
        return copy;
    }

    /// <summary>Chooses the route of <paramref name="hello"/>, and the certificate it gets there or the reason it gets none.</summary>
    public TlsSelection Select(ClientHello hello)
    {
        var selection = SelectOwn(hello);
        return _legacy is not null
            && selection.Refusal?.Reason is CloseReason.TlsVersionTooOld or CloseReason.TlsNoSharedCipher or CloseReason.TlsHandshakeFailed
            && _mayHaveLegacy(hello)
            ? _legacy.Select(hello)
            : selection;
    }

    private TlsSelection SelectOwn(ClientHello hello)
    {
        var terms = _routes.Find(hello.ServerName) ?? _own;
        var minimum = terms.Parameters.MinimumVersion;
        if (hello.MaximumVersion is not { } version || version < minimum)
        {
            return Refuse(hello, terms, CloseReason.TlsVersionTooOld, TlsAlert.ProtocolVersion, hello.MaximumVersion is { } best
                ? $"client offers at most {best.Words()}; minimum is {minimum.Words()}"
                : $"client offers no known TLS version; minimum is {minimum.Words()}");
        }

        var certificates = terms.Certificates.Current;
        if (certificates.All.IsEmpty)
        {
            return Refuse(hello, terms, CloseReason.TlsNoCertificate, TlsAlert.InternalError, "no certificate is loaded");
        }

        if (hello.SignatureAlgorithms.IsEmpty && version >= TlsVersion.Tls12)
        {
            // RFC 8446 section 9.2, and RFC 9155 section 2 for 1.2, where absence would mean SHA-1.
            return Refuse(
                hello, terms, CloseReason.TlsHandshakeFailed, version >= TlsVersion.Tls13 ? TlsAlert.MissingExtension : TlsAlert.HandshakeFailure,
                "client does not say which signatures it verifies");
        }

        // Before TLS 1.3 there are suites that need no group, on the island.
        if (!KeyExchange.IsShared(hello) && (minimum >= TlsVersion.Tls12 || version >= TlsVersion.Tls13))
        {
            return Refuse(hello, terms, CloseReason.TlsHandshakeFailed, TlsAlert.HandshakeFailure,
                $"client and gateway share no key exchange group: client offers only {KeyExchange.Describe(hello.SupportedGroups)}");
        }

        var found = certificates.Find(hello.ServerName);
        if (!found.Covered && hello.ServerName is not null && terms.UnknownName == UnknownName.Reject)
        {
            return Refuse(
                hello, terms, CloseReason.TlsUnknownName, TlsAlert.UnrecognizedName,
                $"no certificate covers the name {hello.ServerName} the client asks for");
        }

        // One for the very name that nobody renews any more must not stand before a wildcard that is valid.
        var certificate = Best(found.First, hello, version, minimum);
        if (certificate?.IsValidAt(_store.Now) != true
            && Best(found.Second, hello, version, minimum) is { } wider
            && (certificate is null || wider.IsValidAt(_store.Now)))
        {
            certificate = wider;
        }

        if (certificate is null)
        {
            var detail = NoSharedCipher([.. found.First, .. found.Second], hello, version, minimum);
            return Refuse(hello, terms, CloseReason.TlsNoSharedCipher, TlsAlert.HandshakeFailure, detail);
        }

        var parameters = terms.Parameters;
        if (parameters.ApplicationProtocol is { } protocol && !hello.ApplicationProtocols.IsEmpty && !hello.ApplicationProtocols.Contains(protocol))
        {
            if (terms.WithoutProtocol is not { } withoutProtocol)
            {
                return Refuse(hello, terms, CloseReason.TlsNoSharedProtocol, TlsAlert.NoApplicationProtocol, $"client's ALPN list lacks {protocol}");
            }

            parameters = withoutProtocol;
        }

        if (!_asksForCertificates)
        {
            parameters = parameters with { ClientCertificates = null };
        }

        return new TlsSelection(certificate, parameters, terms.Route, found.Covered || terms.Route is not null);
    }

    private static TlsSelection Refuse(ClientHello hello, TlsTerms terms, CloseReason reason, TlsAlert alert, string detail) =>
        new(new TlsRefusal(reason, alert, detail) { Ja4 = Ja4.Of(hello) }, terms.Route);

    /// <summary>
    /// The best of several certificates for one name that the client can verify: one whose chain it verifies too, then one that is valid
    /// today, then ECDSA, which costs least; then the first configured.
    /// </summary>
    private LoadedCertificate? Best(
        ImmutableArray<LoadedCertificate> candidates, ClientHello hello, TlsVersion version, TlsVersion minimum)
    {
        LoadedCertificate? best = null;
        var bestScore = 0;
        foreach (var candidate in candidates)
        {
            if (!SharesSuite(hello, version, candidate.KeyType, minimum) || !CertificateChoice.CanVerify(hello, version, candidate))
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

    private static bool SharesSuite(ClientHello hello, TlsVersion version, CertificateKeyType key, TlsVersion minimum)
    {
        foreach (var suite in CipherSuites.For(version, key, minimum))
        {
            if (hello.CipherSuites.Contains(suite))
            {
                return true;
            }
        }

        return false;
    }

    private static string NoSharedCipher(
        ImmutableArray<LoadedCertificate> candidates, ClientHello hello, TlsVersion version, TlsVersion minimum)
    {
        List<CertificateKeyType> types = [.. candidates.Select(static certificate => certificate.KeyType).Distinct()];
        if (types.Exists(type => SharesSuite(hello, version, type, minimum)))
        {
            return types is [var only]
                ? $"client cannot verify the only certificate for this name, whose key is {only.Words()}; configure one of the other type as well"
                : "client can verify none of the certificates for this name";
        }

        return types is [var had] && SharesSuite(hello, version, had.Other(), minimum)
            ? $"no suite in common: of the profile for {version.Words()} the client offers those for {had.Other().Words()} keys alone, "
                + $"and the only certificate for this name has an {had.Words()} key; configure one with an {had.Other().Words()} key as well"
            : $"no suite in common: client offers no cipher suite of the profile for {version.Words()}";
    }
}
