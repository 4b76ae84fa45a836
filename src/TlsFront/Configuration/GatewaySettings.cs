using TlsFront.Protocols;

namespace TlsFront.Configuration;

/// <summary>
/// Everything <c>tlsfront.yaml</c>, environment and command line say, validated: an immutable snapshot. A reload builds a new one;
/// a connection keeps the one it was accepted with.
/// </summary>
internal sealed record GatewaySettings
{
    /// <summary>The defaults, without what is required.</summary>
    public static readonly GatewaySettings Blank = new()
    {
        HostName = null!,
        Certificates = [],
        Listeners = [],
        Backends = [],
        Admin = new(),
        Drain = new(),
        Timeouts = new(),
        Log = new(),
        Telemetry = new(),
    };

    /// <summary>
    /// Engine that runs the gateway. Defaults to the native one where it can run: it does the same work for less processor time and memory. Cold.
    /// </summary>
    public EngineChoice Engine { get; init; } = EngineChoice.Auto;

    /// <summary>The native engine's own settings. Cold.</summary>
    public NativeSettings Native { get; init; } = new();

    /// <summary>Name in <c>Received</c> and in the gateway's own replies. A fully qualified domain name.</summary>
    public required string HostName { get; init; }

    /// <summary>Sources of certificates for any name.</summary>
    public required IReadOnlyList<CertificateSettings> Certificates { get; init; }

    /// <summary>Sources of certificates that single listeners and routes present.</summary>
    public IEnumerable<CertificateSettings> OwnCertificates => Listeners
        .SelectMany(static listener => listener.Certificates.Concat(listener.Routes.SelectMany(static route => route.Certificates)))
        .Distinct();

    /// <summary>What clients of listeners and routes are asked for, where they are asked for certificates.</summary>
    public IEnumerable<ClientCertificateSettings> ClientCertificates => Listeners
        .SelectMany(static listener => listener.NameRoutes.Select(static route => route.Tls).Prepend(listener.Tls))
        .Select(static tls => tls.ClientCertificates)
        .Where(static clients => clients.AreRequested)
        .Distinct();

    /// <summary>
    /// Files with a session ticket key each: the first encrypts, all decrypt.
    /// Empty (default) for keys of this process alone that change by themselves.
    /// </summary>
    public IReadOnlyList<string> TicketKeys { get; init; } = [];

    /// <summary>Time between two checks that listeners present what the certificates' files hold. Defaults to 1 minute; 0 for none.</summary>
    public TimeSpan CertificateCheck { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Addresses to listen on.</summary>
    public required IReadOnlyList<ListenerSettings> Listeners { get; init; }

    /// <summary>Whether sessions of <paramref name="listener"/> get a backend only once it is known whose they are.</summary>
    public bool HoldsLogins(ListenerSettings listener) =>
        ProtocolProfile.Of(listener.Protocol).IsUnderstood
        && (listener.NeedsUser
            || Policies.Any(policy => policy.HoldsLogins && policy.Covers(listener))
            || Backends.Any(backend =>
                (backend.Stickiness == Stickiness.User || (backend.Master.User is not null && listener.AsksForCertificates))
                && listener.AllBackends.Contains(backend.Name)));

    /// <summary>Whether sessions of a listener wait for their user that may then go to <paramref name="backend"/>.</summary>
    public bool HoldsLoginsFor(BackendSettings backend) =>
        Listeners.Any(listener => HoldsLogins(listener) && listener.AllBackends.Contains(backend.Name));

    /// <summary>TLS rules of listeners that have none of their own; each listener's rules repeat them.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>Whose connections listeners take that have no lists of their own; each listener's lists repeat them.</summary>
    public AdmissionSettings Admission { get; init; } = AdmissionSettings.Everybody;

    /// <summary>The <c>Received</c> lines of submitted messages; the rules of SMTP listeners repeat them.</summary>
    public ReceivedSettings Received { get; init; } = new();

    /// <summary>How users may log in; the first that matches decides. Empty (default) for as they like.</summary>
    public IReadOnlyList<PolicySettings> Policies { get; init; } = [];

    /// <summary>Where it is recorded how users log in.</summary>
    public InventorySettings Inventory { get; init; } = new();

    /// <summary>Servers behind the gateway.</summary>
    public required IReadOnlyList<BackendSettings> Backends { get; init; }

    /// <summary>What one client may take, and what there is.</summary>
    public LimitSettings Limits { get; init; } = new();

    /// <summary>Metrics and health endpoint.</summary>
    public required AdminSettings Admin { get; init; }

    /// <summary>Orderly shutdown.</summary>
    public required DrainSettings Drain { get; init; }

    /// <summary>How a new process takes over.</summary>
    public UpgradeSettings Upgrade { get; init; } = new();

    /// <summary>Deadlines.</summary>
    public required TimeoutSettings Timeouts { get; init; }

    /// <summary>Log output.</summary>
    public required LogSettings Log { get; init; }

    /// <summary>OTLP export.</summary>
    public required TelemetrySettings Telemetry { get; init; }
}
