namespace TlsFront.Telemetry;

/// <summary>Every metric of the meter <c>TlsFront</c>. <c>deploy/telemetry/catalogue.md</c> is written from it.</summary>
internal static class MetricCatalogue
{
    /// <summary>Up to a day, because an IDLE session lives for hours.</summary>
    private static readonly double[] LifetimeSeconds = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14400, 43200, 86400];

    /// <summary>From a millisecond, because a P-256 handshake takes two.</summary>
    private static readonly double[] HandshakeSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>
    /// Narrow around the silences after which address translators, load balancers and servers forget a connection: 1, 2, 3, 4, 5 minutes, 350 s, 10,
    /// 15, 30 minutes, an hour. A peak in one of these buckets is somebody's timeout.
    /// </summary>
    private static readonly double[] SilenceSeconds =
    [
        1, 10, 28, 32, 58, 62, 118, 122, 178, 182, 238, 242, 298, 302, 348, 352, 598, 602, 898, 902, 1740, 1798, 1802, 3598, 3602
    ];

    public static readonly MetricDescriptor ActiveConnections = new(MetricKind.UpDownCounter, "tlsfront.active_connections", "{connection}",
        "Connections open now.",
        MetricLabels.Listener, MetricLabels.Protocol);

    public static readonly MetricDescriptor ConnectionLimit = new(MetricKind.Gauge, "tlsfront.connections.limit", "{connection}",
        "Most connections at once: `limits.connections` or what open files allow, whichever is less.");

    public static readonly MetricDescriptor ListenerConnectionLimit = new(MetricKind.Gauge, "tlsfront.listener.connections.limit", "{connection}",
        "Most connections of a listener at once: `listeners[].limits.connections`, where it is set.",
        MetricLabels.Listener);

    public static readonly MetricDescriptor ConnectionDuration = new(MetricKind.Histogram, "tlsfront.connection.duration", "s",
        "Lifetime of connections, and how they ended.",
        MetricLabels.Listener, MetricLabels.Protocol, MetricLabels.ConnectionError)
    { Buckets = LifetimeSeconds };

    public static readonly MetricDescriptor BalancerChecks = new(MetricKind.Counter, "tlsfront.balancer_checks", "{check}",
        "Load balancers of `trustedNetworks` that looked whether a port is open: connections without an announced client that ended without a word. "
        + "No other metric counts how they ended.",
        MetricLabels.Listener);

    public static readonly MetricDescriptor IdleAtClose = new(MetricKind.Histogram, "tlsfront.session.idle_at_close", "s",
        "Silence before the end of sessions that a backend served, by who ended them and how: an orderly end, a reset, "
        + "or the gateway's deadline for that side. Many in one narrow bucket are somebody's timeout.",
        MetricLabels.Listener, MetricLabels.Side, MetricLabels.Cause)
    { Buckets = SilenceSeconds };

    public static readonly MetricDescriptor HandshakeDuration = new(MetricKind.Histogram, "tlsfront.tls.handshake.duration", "s",
        "TLS handshakes with clients, and why they failed.",
        MetricLabels.Listener, MetricLabels.TlsTransport, MetricLabels.AgreedTlsVersion, MetricLabels.HandshakeError)
    { Buckets = HandshakeSeconds };

    public static readonly MetricDescriptor Handshakes = new(MetricKind.Counter, "tlsfront.tls.handshakes", "{handshake}",
        "TLS handshakes that succeeded. `tls.curve` is the key exchange group, `other` where the engine cannot tell.",
        MetricLabels.Listener, MetricLabels.TlsTransport, MetricLabels.TlsVersion, MetricLabels.Cipher, MetricLabels.Group, MetricLabels.Resumed);

    public static readonly MetricDescriptor LookupDuration = new(MetricKind.Histogram, "tlsfront.lookup.duration", "s",
        "Requests to the service of `listeners[].lookup`, and what came of them.",
        MetricLabels.Listener, MetricLabels.LookupResult)
    { Buckets = HandshakeSeconds };

    public static readonly MetricDescriptor CachedLookups = new(MetricKind.Counter, "tlsfront.lookup.cached", "{lookup}",
        "Lookups that were answered from what is remembered, without a request.",
        MetricLabels.Listener, MetricLabels.LookupResult);

    public static readonly MetricDescriptor ConnectDuration = new(MetricKind.Histogram, "tlsfront.backend.connect.duration", "s",
        "Tries to connect a destination, PROXY header and TLS included.",
        MetricLabels.Backend, MetricLabels.ConnectError)
    { Buckets = HandshakeSeconds };

    public static readonly MetricDescriptor ActiveSessions = new(MetricKind.UpDownCounter, "tlsfront.backend.active_sessions", "{session}",
        "Sessions of a destination now, those that are connecting included.",
        MetricLabels.Backend, MetricLabels.Destination);

    public static readonly MetricDescriptor Available = new(MetricKind.Gauge, "tlsfront.backend.available", null,
        "1 while a destination gets sessions, 0 while probes or sessions found it unhealthy or an operator drained it.",
        MetricLabels.Backend, MetricLabels.Destination);

    public static readonly MetricDescriptor QueuedSessions = new(MetricKind.UpDownCounter, "tlsfront.backend.queued_sessions", "{session}",
        "Sessions that wait because all permitted destinations are at maxSessions.",
        MetricLabels.Backend);

    public static readonly MetricDescriptor ProbeFailures = new(MetricKind.Counter, "tlsfront.backend.probe.failures", "{probe}",
        "Probes that a destination failed.",
        MetricLabels.Backend, MetricLabels.Destination, MetricLabels.ProbeError);

    public static readonly MetricDescriptor ProxyIo = new(MetricKind.Counter, "tlsfront.proxy.io", "By",
        "Plaintext bytes relayed, those of open connections included.",
        MetricLabels.Listener, MetricLabels.Protocol, MetricLabels.Direction);

    public static readonly MetricDescriptor Messages = new(MetricKind.Counter, "tlsfront.messages", "{message}",
        "Messages handed in over SMTP, by the backend's verdict.",
        MetricLabels.Listener, MetricLabels.Result);

    public static readonly MetricDescriptor Logins = new(MetricKind.Counter, "tlsfront.logins", "{login}",
        "Logins, by the backend's verdict.",
        MetricLabels.Listener, MetricLabels.Protocol, MetricLabels.Transport, MetricLabels.Result);

    public static readonly MetricDescriptor LoginsRouted = new(MetricKind.Counter, "tlsfront.logins.routed", "{login}",
        "Held logins, by what decided which backend they go to; `default` is the server name or the listener.",
        MetricLabels.Listener, MetricLabels.By);

    public static readonly MetricDescriptor PolicyDecisions = new(MetricKind.Counter, "tlsfront.policy.decisions", "{login}",
        "Held logins that a policy decided on, right and wrong passwords alike.",
        MetricLabels.Listener, MetricLabels.Policy, MetricLabels.Action);

    public static readonly MetricDescriptor LoginsWaiting = new(MetricKind.UpDownCounter, "tlsfront.logins.waiting", "{login}",
        "Held logins that wait for the end of a hold on their user.");

    public static readonly MetricDescriptor UserMapEntries = new(MetricKind.Gauge, "tlsfront.user_map.entries", "{entry}",
        "Entries of the user map in force.",
        MetricLabels.Listener, MetricLabels.Map);

    public static readonly MetricDescriptor UserMapRead = new(MetricKind.Gauge, "tlsfront.user_map.read", "s",
        "When the user map in force was read, in seconds since 1970.",
        MetricLabels.Listener, MetricLabels.Map);

    public static readonly MetricDescriptor UserMapCurrent = new(MetricKind.Gauge, "tlsfront.user_map.current", null,
        "1 while the user map in force is what its file held when it was last read, 0 while that is broken and the one before stays in force.",
        MetricLabels.Listener, MetricLabels.Map);

    public static readonly MetricDescriptor CredentialsExposed = new(MetricKind.Counter, "tlsfront.credentials_exposed", "{connection}",
        "Connections on which a client sent a password or a token in clear, refused or not: it is known to whoever listened.",
        MetricLabels.Listener, MetricLabels.Protocol);

    public static readonly MetricDescriptor CertificateNotAfter = new(MetricKind.Gauge, "tlsfront.certificate.not_after", "s",
        "End of a loaded certificate's validity, in seconds since 1970. Days left: `(tlsfront_certificate_not_after_seconds - time()) / 86400`.",
        MetricLabels.Certificate);

    public static readonly MetricDescriptor CertificateServed = new(MetricKind.Gauge, "tlsfront.certificate.served", null,
        "1 while a listener presents a certificate as its file has it, 0 while it does not: "
        + "every `tls.checkInterval` by a handshake of the gateway with itself.",
        MetricLabels.Listener, MetricLabels.Certificate);

    public static readonly MetricDescriptor CertificateServedNotAfter = new(MetricKind.Gauge, "tlsfront.certificate.served_not_after", "s",
        "End of validity of what a listener really presents, in seconds since 1970.",
        MetricLabels.Listener, MetricLabels.Certificate);

    public static readonly MetricDescriptor RevocationListNextUpdate = new(MetricKind.Gauge, "tlsfront.revocation_list.next_update", "s",
        "When the first revocation list of a file expires (nextUpdate), in seconds since 1970. From then on, no certificate of that authority is "
        + "accepted.",
        MetricLabels.RevocationList);

    public static readonly MetricDescriptor Reloads = new(MetricKind.Counter, "tlsfront.config.reloads", "{reload}",
        "Reloads of the configuration.",
        MetricLabels.Result);

    public static readonly MetricDescriptor Draining = new(MetricKind.Gauge, "tlsfront.draining", null,
        "1 while the gateway is draining.");

    public static readonly MetricDescriptor MemoryLimit = new(MetricKind.Gauge, "tlsfront.memory.limit", "By",
        "Memory the process may use: its control group's limit, or the machine's memory. "
        + "`dotnet_process_memory_working_set_bytes` is what it does use.");

    public static readonly MetricDescriptor TlsLibrary = new(MetricKind.Gauge, "tlsfront.tls.library.info", null,
        "Always 1; the label names the TLS library: OpenSSL and its version, or `SslStream` with the managed engine.",
        MetricLabels.TlsLibrary);

    public static readonly MetricDescriptor LoopStalls = new(MetricKind.Counter, "tlsfront.loop.stalls", "{stall}",
        "Native engine: turns of an event loop that kept its sessions waiting for more than 50 ms; a machine short of processors, or a bug.",
        MetricLabels.Loop);

    public static readonly MetricDescriptor NativeObjects = new(MetricKind.UpDownCounter, "tlsfront.native.objects", "{object}",
        "Native engine: TLS sessions, and objects of OpenSSL and the kernel that it holds. `ssl` and `records` together follow the open TLS "
        + "connections, those to backends included, or there is a leak. `aead` stays at or below 512 for each loop.",
        MetricLabels.Kind);

    public static readonly MetricDescriptor TelemetryDropped = new(MetricKind.Counter, "tlsfront.telemetry.dropped", "{item}",
        "Spans and log records that did not reach the collector: it was not there, refused them, or they came faster than it took them.",
        MetricLabels.Signal, MetricLabels.DropReason);

    public static readonly MetricDescriptor InventoryRecorded = new(MetricKind.Counter, "tlsfront.inventory.recorded", "{login}",
        "Logins that were written into the inventory.");

    public static readonly MetricDescriptor InventoryDropped = new(MetricKind.Counter, "tlsfront.inventory.dropped", "{login}",
        "Logins that are missing in the inventory: its database took none for so long that there was no room for more.");

    /// <summary>All of them, in the order of the catalogue.</summary>
    public static readonly IReadOnlyList<MetricDescriptor> All =
    [
        ActiveConnections, ConnectionLimit, ListenerConnectionLimit, ConnectionDuration, BalancerChecks, IdleAtClose, HandshakeDuration, Handshakes,
        ProxyIo, Messages, Logins, CredentialsExposed,
        PolicyDecisions, LoginsRouted, LoginsWaiting, UserMapEntries, UserMapRead, UserMapCurrent, LookupDuration, CachedLookups,
        ConnectDuration, ActiveSessions, Available, QueuedSessions, ProbeFailures,
        CertificateNotAfter, CertificateServed, CertificateServedNotAfter, RevocationListNextUpdate, Reloads, Draining, MemoryLimit, TlsLibrary,
        LoopStalls, NativeObjects, TelemetryDropped, InventoryRecorded, InventoryDropped,
    ];
}
