namespace TlsFront.ProxyProtocol;

/// <summary>What header a receiver can read.</summary>
/// <param name="Version">Version of the header, or none.</param>
/// <param name="MaximumLength">Most bytes of a whole header, signature included: what the receiver reads at once. A version 2 header without fields
/// takes 52, a version 1 header 107.</param>
/// <param name="Tlvs">Optional fields it may get; of no effect in version 1.</param>
/// <param name="ApplicationProtocol">The only ALPN id it may get, or null. Dovecot 2.4 drops the connection over any other.</param>
internal sealed record ProxyHeaderProfile(
    ProxyHeaderVersion Version, int MaximumLength, ProxyTlvs Tlvs = ProxyTlvs.None, string? ApplicationProtocol = null);
