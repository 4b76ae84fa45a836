using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Transport;

/// <summary>
/// How TLS is spoken with a destination. One object per destination and snapshot of the settings: engines keep what they make of it by reference.
/// </summary>
/// <param name="ServerName">Name or address the certificate must be for.</param>
/// <param name="ApplicationProtocol">ALPN id offered, or null.</param>
/// <param name="Verify">Whether the certificate is verified.</param>
/// <param name="Authorities">Whom it may be of; null for those the system trusts.</param>
internal sealed record BackendTlsParameters(string ServerName, string? ApplicationProtocol, bool Verify, X509Certificate2Collection? Authorities);
