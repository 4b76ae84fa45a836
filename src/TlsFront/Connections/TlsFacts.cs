using System.Text.Json.Serialization;

namespace TlsFront.Connections;

/// <summary>What a completed TLS handshake established with the client.</summary>
/// <param name="Version">Negotiated version.</param>
/// <param name="CipherSuite">Cipher suite by its IANA name, as RFC 8314 section 4.3 wants it in <c>Received</c>.</param>
/// <param name="ServerName">Validated, lower-case server name the client asked for, or null.</param>
/// <param name="ApplicationProtocol">Negotiated ALPN id, or null.</param>
internal sealed record TlsFacts(TlsVersion Version, string CipherSuite, string? ServerName, string? ApplicationProtocol)
{
    /// <summary>Negotiated key exchange group by its IANA name, where the engine can tell; one of <see cref="KeyExchangeGroups"/>.</summary>
    public string? Group { get; init; }

    /// <summary>Whether its cipher suite has no forward secrecy or no authenticated encryption (RFC 9325 section 4).</summary>
    [JsonIgnore]
    public bool HasWeakCipher => CipherStrength.IsWeak(CipherSuite);

    /// <summary>The JA4 fingerprint of the client's hello.</summary>
    public string? Ja4 { get; init; }

    /// <summary>The best that the client's hello offered; null if a process that does not know took it.</summary>
    public TlsOffer? Offer { get; init; }

    /// <summary>What the client's certificate says of it; null if it was asked for none or has none.</summary>
    public ClientCertificateFacts? ClientCertificate { get; init; }

    /// <summary>Whether an earlier session was resumed, where the engine can tell.</summary>
    public bool? Resumed { get; init; }
}
