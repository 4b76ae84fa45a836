using TlsFront.Connections;

namespace TlsFront.Telemetry.Recent;

/// <summary>Logins by one transport and TLS version that were accepted.</summary>
/// <param name="Transport">The transport.</param>
/// <param name="Version">The version; null in cleartext.</param>
/// <param name="Total">Since the start.</param>
/// <param name="Counts">In the complete steps of the window, oldest first.</param>
internal sealed record RecentLogins(LoginTransport Transport, TlsVersion? Version, long Total, IReadOnlyList<int> Counts);
