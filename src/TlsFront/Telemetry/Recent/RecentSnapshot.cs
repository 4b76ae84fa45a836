namespace TlsFront.Telemetry.Recent;

/// <summary><see cref="RecentActivity"/> on its way to another process.</summary>
/// <param name="Handshakes">Those that succeeded; counts include the running step.</param>
/// <param name="FailedHandshakes">Those that failed, in the same steps.</param>
/// <param name="FailedHandshakesTotal">Those that failed since the start.</param>
/// <param name="Groups">Key exchange groups since the start.</param>
/// <param name="Resumed">Handshakes that resumed a session, since the start.</param>
/// <param name="Failures">How connections failed.</param>
/// <param name="Connections">Those that ended last, the last one last.</param>
internal sealed record RecentSnapshot(
    IReadOnlyList<RecentHandshakes> Handshakes,
    IReadOnlyList<int> FailedHandshakes,
    long FailedHandshakesTotal,
    IReadOnlyDictionary<string, long> Groups,
    long Resumed,
    IReadOnlyList<FailureSnapshot> Failures,
    IReadOnlyList<RecentConnection> Connections)
{
    /// <summary>Logins that were accepted; null from a process that did not count them.</summary>
    public IReadOnlyList<RecentLogins>? Logins { get; init; }
}
