using TlsFront.Connections;

namespace TlsFront.Telemetry.Recent;

/// <summary>Handshakes of one version and cipher suite.</summary>
/// <param name="Version">The version.</param>
/// <param name="Cipher">IANA's name of the suite.</param>
/// <param name="Total">Since the start.</param>
/// <param name="Counts">In the complete steps of the window, oldest first.</param>
internal sealed record RecentHandshakes(TlsVersion Version, string Cipher, long Total, IReadOnlyList<int> Counts);
