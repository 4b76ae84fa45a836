namespace TlsFront.Telemetry.Recent;

/// <summary>The handshakes and logins of the last quarter of an hour.</summary>
/// <param name="End">End of the last complete step.</param>
/// <param name="Succeeded">By version and cipher suite, the most frequent first.</param>
/// <param name="Failed">Those that failed, in the complete steps.</param>
/// <param name="FailedTotal">Those that failed since the start.</param>
/// <param name="Groups">Those that succeeded since the start by key exchange group, the most frequent first.</param>
/// <param name="Resumed">Those that resumed a session, since the start.</param>
/// <param name="Logins">Logins that were accepted, by transport and version.</param>
internal sealed record HandshakeHistory(
    DateTimeOffset End,
    IReadOnlyList<RecentHandshakes> Succeeded,
    IReadOnlyList<int> Failed,
    long FailedTotal,
    IReadOnlyList<KeyValuePair<string, long>> Groups,
    long Resumed,
    IReadOnlyList<RecentLogins> Logins);
