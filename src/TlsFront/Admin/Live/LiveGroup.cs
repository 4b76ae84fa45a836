namespace TlsFront.Admin.Live;

/// <summary>Handshakes by key exchange group.</summary>
/// <param name="Name">IANA's name of the group.</param>
/// <param name="Total">How many since the start.</param>
internal sealed record LiveGroup(string Name, long Total);
