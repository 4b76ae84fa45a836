namespace TlsFront.Admin;

/// <summary>The gateway as it is now: <c>GET /api/v1/status</c>. It names nothing that a client sent, and no client.</summary>
/// <param name="Version">Version of the program.</param>
/// <param name="HostName">The configured name.</param>
/// <param name="Engine">The engine that runs.</param>
/// <param name="Time">When this was written.</param>
/// <param name="Started">When the gateway started.</param>
/// <param name="State">starting, ready or draining: what <c>/readyz</c> says.</param>
/// <param name="Connections">Connections of clients now.</param>
/// <param name="Sessions">Those of them that are past the TLS handshake.</param>
/// <param name="Listeners">Every listener.</param>
/// <param name="Backends">Every backend.</param>
/// <param name="Certificates">Every certificate in use.</param>
/// <param name="Limits">Limits as they apply.</param>
/// <param name="Configuration">The file and what became of it; null where there is none.</param>
internal sealed record GatewayStatus(
    string Version,
    string HostName,
    string Engine,
    DateTimeOffset Time,
    DateTimeOffset Started,
    string State,
    int Connections,
    int Sessions,
    IReadOnlyList<ListenerStatus> Listeners,
    IReadOnlyList<BackendStatus> Backends,
    IReadOnlyList<CertificateStatus> Certificates,
    LimitStatus Limits,
    ConfigurationStatus? Configuration);
