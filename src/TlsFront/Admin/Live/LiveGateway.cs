namespace TlsFront.Admin.Live;

/// <summary>Event <c>gateway</c>: what the status document does not have.</summary>
/// <param name="Commands">Whether commands are taken: <c>granted</c> from this watcher, with the <c>token</c> from others, or <c>off</c>.</param>
/// <param name="Sessions">Connections past their TLS handshake, by protocol.</param>
/// <param name="Drain">The drain that is on its way; null before.</param>
/// <param name="Certificates">Every certificate in use.</param>
internal sealed record LiveGateway(
    string Commands, IReadOnlyDictionary<string, int> Sessions, DrainProgress? Drain, IReadOnlyList<LiveCertificate> Certificates);
