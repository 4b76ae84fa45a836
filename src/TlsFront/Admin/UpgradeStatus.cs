namespace TlsFront.Admin;

/// <summary>An upgrade that succeeded: another process is the gateway now.</summary>
/// <param name="ProcessId">Its process id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Moved">Sessions that it has taken over.</param>
/// <param name="Left">
/// Connections that stay until they end or can be moved: handshakes, logins and messages under way, and what cannot be moved.
/// </param>
/// <param name="LongestPauseMilliseconds">The longest time that a session was served by neither.</param>
internal sealed record UpgradeStatus(int ProcessId, string Version, int Moved, int Left, double LongestPauseMilliseconds);
