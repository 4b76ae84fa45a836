using System.Collections.Immutable;
using System.Net.Security;
using TlsFront.Connections;

namespace TlsFront.Tls.Hello;

/// <summary>
/// What a ClientHello says, as far as it decides certificate, version and refusal. Lists keep the client's order and lack GREASE
/// values (RFC 8701). An empty list means that the extension was absent: on the wire none may be empty.
/// </summary>
internal sealed class ClientHello
{
    /// <summary>The version field of TLS 1.2 and older; 1.3 clients send 1.2 here.</summary>
    public required ushort LegacyVersion { get; init; }

    /// <summary>The client's best version that this gateway has a name for; null if it offers none.</summary>
    public required TlsVersion? MaximumVersion { get; init; }

    /// <summary>Cipher suites of all versions, signalling values included.</summary>
    public required ImmutableArray<TlsCipherSuite> CipherSuites { get; init; }

    /// <summary>
    /// Server name asked for, validated and normalised by <see cref="Hello.ServerName"/>; null if there is none that could name a server.
    /// </summary>
    public string? ServerName { get; init; }

    /// <summary>Types of its extensions.</summary>
    public ImmutableArray<ushort> ExtensionTypes { get; init; } = [];

    /// <summary>ALPN ids, one char per octet.</summary>
    public ImmutableArray<string> ApplicationProtocols { get; init; } = [];

    /// <summary>Signatures the client verifies in the handshake.</summary>
    public ImmutableArray<SignatureScheme> SignatureAlgorithms { get; init; } = [];

    /// <summary>Signatures the client verifies in certificates, where it tells them apart from <see cref="SignatureAlgorithms"/>.</summary>
    public ImmutableArray<SignatureScheme> CertificateSignatureAlgorithms { get; init; } = [];

    /// <summary>Key exchange groups; up to TLS 1.2 also the curves the client takes in certificates (RFC 8422 section 5.1).</summary>
    public ImmutableArray<NamedGroup> SupportedGroups { get; init; } = [];
}
