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

    /// <summary>kind of the SMTP backend.</summary>
    public string SmtpKind { get; init; } = "postfix";

    /// <summary>kind of the IMAP and POP3 backends.</summary>
    public string AccessKind { get; init; } = "dovecot";

    /// <summary>The PROXY header of the IMAP and POP3 backends.</summary>
    public string AccessProxyProtocol { get; init; } = "v2";

    /// <summary>tls of the IMAP and POP3 backends.</summary>
    public string AccessTls { get; init; } = "{ mode: none }";

    /// <summary>The PROXY header of the SMTP backend: v1, v2 or none.</summary>
    public string SmtpProxyProtocol { get; init; } = "v2";

    /// <summary>tls of the SMTP backend.</summary>
    public string SmtpTls { get; init; } = "{ mode: none }";

    /// <summary>health of the SMTP backend.</summary>
    public string SmtpHealth { get; init; } = "{ interval: 30s }";

    /// <summary>health of the IMAP backend.</summary>
    public string ImapHealth { get; init; } = "{ interval: 30s }";

    /// <summary>bareNewlines of the SMTP listener.</summary>
    public string BareNewlines { get; init; } = "normalize";

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

    /// <summary>Options on its command line.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>A command, with its arguments, that becomes the gateway: one that gives it another environment.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>The file.</summary>
    public string ToYaml(GatewayPorts ports, IEnumerable<string> certificates) => $$"""
        hostname: mail.example.test
        certificates:
        {{string.Join('\n', certificates.Select(path => $"  - path: {path}"))}}
        listeners:
          - { name: submissions, address: "127.0.0.1:{{ports.Smtp}}", protocol: smtp, security: implicit, backend: postfix, bareNewlines: {{BareNewlines}}{{ProxyProtocol}} }
          - { name: imaps, address: "127.0.0.1:{{ports.Imap}}", protocol: imap, security: implicit, backend: dovecot-imap{{ProxyProtocol}} }
          - { name: pop3s, address: "127.0.0.1:{{ports.Pop3}}", protocol: pop3, security: implicit, backend: dovecot-pop3{{ProxyProtocol}} }
        tls: { minimumVersion: "1.2", profile: intermediate, unknownName: {{UnknownName}} }
        received: { client: {{ReceivedClient}}, group: {{ReceivedGroup}} }
        backends:
          - name: postfix
            kind: {{SmtpKind}}
            destinations: {{Destinations(Smtp)}}
            proxyProtocol: {{SmtpProxyProtocol}}
            tls: {{SmtpTls}}
            health: {{SmtpHealth}}
          - name: dovecot-imap
            kind: {{AccessKind}}
            destinations: {{Destinations(Imap)}}
            proxyProtocol: {{AccessProxyProtocol}}
            tls: {{AccessTls}}
            health: {{ImapHealth}}
          - name: dovecot-pop3
            kind: {{AccessKind}}
            destinations: {{Destinations(Pop3)}}
            proxyProtocol: {{AccessProxyProtocol}}
            tls: {{AccessTls}}
        admin: { address: "127.0.0.1:{{ports.Admin}}" }
        drain: { delay: {{DrainDelay}}, timeout: {{DrainTimeout}} }
        log: { format: json }

        """;

    private string ProxyProtocol => TrustedNetworks is null ? "" : $", proxyProtocol: {{ trustedNetworks: [{TrustedNetworks}] }}";

    private static string Destinations(IEnumerable<int> ports) =>
        "[" + string.Join(", ", ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"\"127.0.0.1:{port}\""))) + "]";
}
