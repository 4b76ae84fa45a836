namespace TlsFront.Configuration;

/// <summary>One certificate source.</summary>
/// <param name="Path">A folder (certbot's <c>live/NAME</c>, a mounted Kubernetes secret) or a PEM file with the chain, leaf first.</param>
/// <param name="Key">The PEM file of the key when <paramref name="Path"/> is a file that does not hold it; null otherwise.</param>
internal sealed record CertificateSettings(string Path, string? Key);
