using System.Globalization;

namespace TlsFront.SystemTests.Gateways;

/// <summary>What a test wants of the gateway; the rest is as an operator would have it.</summary>
public sealed record GatewaySetup
{
    /// <summary>Ports on 127.0.0.1 of the servers behind 465.</summary>
    public required IReadOnlyList<int> Smtp { get; init; }

    /// <summary>Ports on 127.0.0.1 of the servers behind 993.</summary>
    public required IReadOnlyList<int> Imap { get; init; }

    /// <summary>Ports on 127.0.0.1 of the servers behind 995.</summary>
    public required IReadOnlyList<int> Pop3 { get; init; }

    /// <summary>Ports on 127.0.0.1 of the servers behind 4190; none, and there is no such listener.</summary>
    public IReadOnlyList<int> Sieve { get; init; } = [];

    /// <summary>Ports on 127.0.0.1 of the servers behind a listener that relays anything; none, and there is no such listener.</summary>
    public IReadOnlyList<int> Tcp { get; init; } = [];

    /// <summary>kind of the SMTP backend.</summary>
    public string SmtpKind { get; init; } = "postfix";

    /// <summary>kind of the IMAP and POP3 backends.</summary>
    public string AccessKind { get; init; } = "dovecot";

    /// <summary>The PROXY header of the IMAP and POP3 backends; null for what their kind gets by default.</summary>
    public string? AccessProxyProtocol { get; init; } = "v2";

    /// <summary>tls of the IMAP and POP3 backends.</summary>
    public string AccessTls { get; init; } = "{ mode: none }";

    /// <summary>The PROXY header of the SMTP backend: v1, v2 or none.</summary>
    public string SmtpProxyProtocol { get; init; } = "v2";

    /// <summary>
    /// An address that the backends trust: they are told of clients by XCLIENT and ID, from there. Null for PROXY headers.
    /// </summary>
    public string? IntroducedFrom { get; init; }

    /// <summary>tls of the SMTP backend.</summary>
    public string SmtpTls { get; init; } = "{ mode: none }";

    /// <summary>health of the SMTP backend.</summary>
    public string SmtpHealth { get; init; } = "{ interval: 30s }";

    /// <summary>health of the IMAP backend.</summary>
    public string ImapHealth { get; init; } = "{ interval: 30s }";

    /// <summary>bareNewlines of the SMTP listener.</summary>
    public string BareNewlines { get; init; } = "normalize";

    /// <summary>A map of users for the IMAP listeners; null for none.</summary>
    public string? ImapUsers { get; init; }

    /// <summary>routes of the IMAP listeners; null for none.</summary>
    public string? ImapRoutes { get; init; }

    /// <summary>lookup of the IMAP listeners; null for none.</summary>
    public string? ImapLookup { get; init; }

    /// <summary>Ports on 127.0.0.1 of a second IMAP backend, by the name other; none, and there is no such.</summary>
    public IReadOnlyList<int> OtherImap { get; init; } = [];

    /// <summary>Whether sessions stick to their user's server.</summary>
    public bool IsSticky { get; init; }

    /// <summary>tls.clientCertificates of every listener; null for none.</summary>
    public string? ClientCertificates { get; init; }

    /// <summary>master of every backend; null for none.</summary>
    public string? Master { get; init; }

    /// <summary>Whether there are listeners of STARTTLS beside those of implicit TLS.</summary>
    public bool HasStartTls { get; init; }

    /// <summary>security of those.</summary>
    public string StartTlsSecurity { get; init; } = "starttls";

    /// <summary>tls.unknownName.</summary>
    public string UnknownName { get; init; } = "default";

    /// <summary>received.group.</summary>
    public string ReceivedGroup { get; init; } = "off";

    /// <summary>received.client.</summary>
    public string ReceivedClient { get; init; } = "full";

    /// <summary>proxyProtocol.trustedNetworks of every listener; null for none.</summary>
    public string? TrustedNetworks { get; init; }

    /// <summary>How long connections are still accepted after SIGTERM.</summary>
    public string DrainDelay { get; init; } = "1s";

    /// <summary>How long sessions may last after that.</summary>
    public string DrainTimeout { get; init; } = "20s";

    /// <summary>More of the file.</summary>
    public string More { get; init; } = "";

    /// <summary>Options on its command line.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The command that starts it, given its ports; none for the test itself.</summary>
    public Func<GatewayPorts, IReadOnlyList<string>> Launcher { get; init; } = static _ => [];

    /// <summary>The file.</summary>
    public string ToYaml(GatewayPorts ports, IEnumerable<string> certificates) => $$"""
        hostname: mail.example.test
        certificates:
        {{string.Join('\n', certificates.Select(path => $"  - path: {path}"))}}
        listeners:
          - { name: submissions, address: "127.0.0.1:{{ports.Smtp}}", protocol: smtp, security: implicit, backend: postfix, bareNewlines: {{BareNewlines}}{{OfAll}} }
          - { name: imaps, address: "127.0.0.1:{{ports.Imap}}", protocol: imap, security: implicit, backend: dovecot-imap{{UserMap}}{{OfAll}} }
          - { name: pop3s, address: "127.0.0.1:{{ports.Pop3}}", protocol: pop3, security: implicit, backend: dovecot-pop3, limits: { connections: 5000 }{{OfAll}} }
        {{StartTls(ports)}}
        {{SieveListeners(ports)}}
        {{TcpListener(ports)}}
        tls: { minimumVersion: "1.2", profile: intermediate, unknownName: {{UnknownName}} }
        received: { client: {{ReceivedClient}}, group: {{ReceivedGroup}} }
        backends:
          - name: postfix
            kind: {{SmtpKind}}
            destinations: {{Destinations(Smtp)}}
            {{Introduced("xclient") ?? $"proxyProtocol: {SmtpProxyProtocol}"}}
            tls: {{SmtpTls}}
            health: {{SmtpHealth}}
            stickiness: {{Stickiness}}
            {{MasterAccount}}
          - name: dovecot-imap
            kind: {{AccessKind}}
            destinations: {{Destinations(Imap)}}
            {{Introduced("id") ?? AccessHeader}}
            tls: {{AccessTls}}
            health: {{ImapHealth}}
            stickiness: {{Stickiness}}
            {{MasterAccount}}
          - name: dovecot-pop3
            kind: {{AccessKind}}
            destinations: {{Destinations(Pop3)}}
            {{Introduced("xclient") ?? AccessHeader}}
            tls: {{AccessTls}}
            stickiness: {{Stickiness}}
            {{MasterAccount}}
        {{SieveBackend}}
        {{TcpBackend}}
        {{OtherBackend}}
        admin: { address: "127.0.0.1:{{ports.Admin}}" }
        drain: { delay: {{DrainDelay}}, timeout: {{DrainTimeout}} }
        log: { format: json }
        {{More}}

        """;

    private string StartTls(GatewayPorts ports) => !HasStartTls ? "" : string.Create(CultureInfo.InvariantCulture, $$"""
          - { name: submission, address: "127.0.0.1:{{ports.StartTls.Smtp}}", protocol: smtp, security: {{StartTlsSecurity}}, backend: postfix{{OfAll}} }
          - { name: imap, address: "127.0.0.1:{{ports.StartTls.Imap}}", protocol: imap, security: {{StartTlsSecurity}}, backend: dovecot-imap{{UserMap}}{{OfAll}} }
          - { name: pop3, address: "127.0.0.1:{{ports.StartTls.Pop3}}", protocol: pop3, security: {{StartTlsSecurity}}, backend: dovecot-pop3{{OfAll}} }
        """);

    private string SieveListeners(GatewayPorts ports) => Sieve.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $$"""
          - { name: sieves, address: "127.0.0.1:{{ports.Sieve.Implicit}}", protocol: sieve, security: implicit, backend: dovecot-sieve{{OfAll}} }
          - { name: sieve, address: "127.0.0.1:{{ports.Sieve.StartTls}}", protocol: sieve, security: {{StartTlsSecurity}}, backend: dovecot-sieve{{OfAll}} }
        """);

    private string SieveBackend => Sieve.Count == 0
        ? ""
        : $"  - {{ name: dovecot-sieve, kind: {AccessKind}, destinations: {Destinations(Sieve)}, stickiness: {Stickiness}"
            + $"{(Master is null ? "" : $", {MasterAccount}")} }}";

    private string TcpListener(GatewayPorts ports) => Tcp.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $$"""
          - { name: tcps, address: "127.0.0.1:{{ports.Tcp}}", protocol: tcp, security: implicit, backend: tcp }
        """);

    private string TcpBackend => Tcp.Count == 0 ? "" : $"  - {{ name: tcp, destinations: {Destinations(Tcp)}, tls: {{ mode: none }} }}";

    private string OtherBackend =>
        OtherImap.Count == 0 ? "" : $"  - {{ name: other, kind: {AccessKind}, destinations: {Destinations(OtherImap)}, proxyProtocol: v2 }}";

    private string UserMap => (ImapUsers is null ? "" : $", userMap: \"{ImapUsers}\"") + (ImapLookup is null ? "" : $", lookup: {ImapLookup}")
        + (ImapRoutes is null ? "" : $", routes: {ImapRoutes}");

    private string Stickiness => IsSticky ? "user" : "none";

    /// <summary>What all listeners have.</summary>
    private string OfAll => (TrustedNetworks is null ? "" : $", proxyProtocol: {{ trustedNetworks: [{TrustedNetworks}] }}")
        + (ClientCertificates is null ? "" : $", tls: {{ clientCertificates: {ClientCertificates} }}");

    private string MasterAccount => Master is null ? "" : $"master: {Master}";

    private string? Introduced(string identity) =>
        IntroducedFrom is null ? null : $"identity: {identity}\n    sourceAddresses: [{IntroducedFrom}]";

    private string AccessHeader => AccessProxyProtocol is null ? "" : $"proxyProtocol: {AccessProxyProtocol}";

    private static string Destinations(IEnumerable<int> ports) =>
        "[" + string.Join(", ", ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"\"127.0.0.1:{port}\""))) + "]";
}
