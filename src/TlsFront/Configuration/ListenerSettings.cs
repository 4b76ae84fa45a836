using System.Net;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Configuration;

/// <summary>One address the gateway listens on.</summary>
internal sealed record ListenerSettings
{
    /// <summary>Unique name; the <c>tlsfront.listener</c> tag of logs and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>Address and port. <see cref="IPAddress.IPv6Any"/> means all addresses, IPv4 included. Cold: a change needs a restart.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>What is spoken behind TLS. Cold.</summary>
    public required MailProtocol Protocol { get; init; }

    /// <summary>Its name in logs, metrics and reports.</summary>
    public string ProtocolName => ProtocolProfile.Of(Protocol).Name;

    /// <summary>When TLS begins. Defaults to <see cref="ListenerSecurity.Implicit"/>, which RFC 8314 prefers. Cold.</summary>
    public ListenerSecurity Security { get; init; }

    /// <summary>The name of <see cref="Security"/> in logs and reports.</summary>
    public string SecurityName => Security switch
    {
        ListenerSecurity.StartTls => "starttls",
        ListenerSecurity.Optional => "optional",
        _ => "implicit",
    };

    /// <summary>Whether any login can come by <paramref name="transport"/>.</summary>
    public bool CanHave(LoginTransport transport) => transport switch
    {
        LoginTransport.Implicit => Security == ListenerSecurity.Implicit,
        LoginTransport.StartTls => Security != ListenerSecurity.Implicit,
        _ => Security == ListenerSecurity.Optional,
    };

    /// <summary>Name of the backend of clients that no route is for.</summary>
    public required string Backend { get; init; }

    /// <summary>Sources of certificates that go before those of the file, for names that one of them covers. Empty (default) for none.</summary>
    public IReadOnlyList<CertificateSettings> Certificates { get; init; } = [];

    /// <summary>What clients get that ask for certain server names, or log in as certain users.</summary>
    public IReadOnlyList<RouteSettings> Routes { get; init; } = [];

    /// <summary>Those of <see cref="Routes"/> that a handshake decides on: the server name says whether they are for a client.</summary>
    public IEnumerable<RouteSettings> NameRoutes => Routes.Where(static route => !route.NeedsUser);

    /// <summary>A file that says which backend a user belongs to; null for none.</summary>
    public string? UserMap { get; init; }

    /// <summary>
    /// Names of the backends that <see cref="UserMap"/> named when the settings were read. A map that changes and names others has them read again.
    /// </summary>
    public IReadOnlyList<string> MappedBackends { get; init; } = [];

    /// <summary>Whether clients are asked for certificates, all or those that ask for some server name.</summary>
    public bool AsksForCertificates =>
        Tls.ClientCertificates.AreRequested || NameRoutes.Any(static route => route.Tls.ClientCertificates.AreRequested);

    /// <summary>Whom to ask about users that neither routes nor <see cref="UserMap"/> name; null for nobody.</summary>
    public LookupSettings? Lookup { get; init; }

    /// <summary>Whether the user may decide on a session's backend.</summary>
    public bool NeedsUser => UserMap is not null || Lookup is not null || Routes.Any(static route => route.NeedsUser);

    /// <summary>Names of all backends its sessions may go to.</summary>
    public IEnumerable<string> AllBackends =>
        Routes.Select(static route => route.Backend).Prepend(Backend).Concat(MappedBackends).Concat(Lookup?.Backends ?? []).Distinct();

    /// <summary>Whose connections begin with a PROXY header; null for nobody's.</summary>
    public ProxyHeaderSettings? ProxyProtocol { get; init; }

    /// <summary>Whose connections are taken, the listener's own lists over the file's.</summary>
    public AdmissionSettings Admission { get; init; } = AdmissionSettings.Everybody;

    /// <summary>How much of the gateway it may take.</summary>
    public ListenerLimitSettings Limits { get; init; } = new();

    /// <summary>TLS rules, the listener's own over the file's.</summary>
    public required TlsSettings Tls { get; init; }

    /// <summary>The oldest TLS version of it and its routes.</summary>
    public TlsVersion OldestTls => NameRoutes.Select(static route => route.Tls.Effective.MinimumVersion).Prepend(Tls.Effective.MinimumVersion).Min();

    /// <summary>The listener for those whom no policy lets in by TLS before 1.2.</summary>
    public ListenerSettings WithoutLegacy => this with
    {
        Tls = Tls.WithoutLegacy,
        Routes = [.. Routes.Select(static route => route with { Tls = route.Tls.WithoutLegacy })],
    };

    /// <summary>What its sessions go by.</summary>
    public required SessionRules Rules { get; init; }
}
