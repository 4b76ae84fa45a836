namespace TlsFront.Admin.Live;

/// <summary>Handshakes of one version and cipher suite.</summary>
/// <param name="Version">As people write it.</param>
/// <param name="Cipher">IANA's name of the suite.</param>
/// <param name="Total">Since the start.</param>
/// <param name="Counts">One figure a step, oldest first.</param>
internal sealed record LiveSeries(string Version, string Cipher, long Total, IReadOnlyList<int> Counts);
