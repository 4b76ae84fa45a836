namespace TlsFront.Admin.Live;

/// <summary>
/// Event <c>handshakes</c>: TLS handshakes and logins of the last quarter of an hour, in steps. It comes once a step, which is also a sign of life.
/// </summary>
/// <param name="End">End of the last step.</param>
/// <param name="StepSeconds">Length of a step.</param>
/// <param name="Succeeded">Those that succeeded, by version and cipher suite.</param>
/// <param name="Failed">Those that failed, one figure a step, oldest first.</param>
/// <param name="FailedTotal">Those that failed since the start.</param>
/// <param name="Groups">Those that succeeded since the start by key exchange group; <c>other</c> where the engine cannot tell.</param>
/// <param name="Resumed">Those of them that resumed a session; 0 where the engine cannot tell.</param>
/// <param name="Logins">Logins that were accepted.</param>
internal sealed record LiveHandshakes(
    DateTimeOffset End, int StepSeconds, IReadOnlyList<LiveSeries> Succeeded, IReadOnlyList<int> Failed, long FailedTotal,
    IReadOnlyList<LiveGroup> Groups, long Resumed, IReadOnlyList<LiveLogins> Logins);
