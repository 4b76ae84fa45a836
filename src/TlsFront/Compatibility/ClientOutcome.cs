namespace TlsFront.Compatibility;

/// <summary>What a client gets on one listener, or there under one routed name.</summary>
/// <param name="Listener">The listener.</param>
/// <param name="Route">The routed name or wildcard; null for the listener's own terms.</param>
/// <param name="Accepted">Whether the gateway answers with a handshake and not with an alert.</param>
/// <param name="Version">The TLS version, such as "TLS 1.3"; null if refused.</param>
/// <param name="CipherSuite">IANA's name of the cipher suite; null if refused.</param>
/// <param name="Group">IANA's name of the key exchange group; null if refused, or if the suite has none.</param>
/// <param name="Certificate">Type of the certificate's key, "ECDSA" or "RSA"; null if refused.</param>
/// <param name="Reason">Why it is refused; null if it is not.</param>
internal sealed record ClientOutcome(
    string Listener, string? Route, bool Accepted, string? Version, string? CipherSuite, string? Group, string? Certificate, string? Reason)
{
    /// <summary>Whether that is for those alone whom a policy lets in by TLS before 1.2 or with a weak cipher suite.</summary>
    public bool NeedsPolicy { get; init; }
}
