using System.Collections.Immutable;

namespace TlsFront.Tls.Certificates;

/// <summary>Certificates for a server name.</summary>
/// <param name="Covered">Whether they cover it; otherwise they are the default.</param>
/// <param name="First">Those of the closest match: the name itself before a wildcard.</param>
/// <param name="Second">Those for clients that can verify none of <paramref name="First"/>.</param>
internal readonly record struct CertificateMatch(bool Covered, ImmutableArray<LoadedCertificate> First, ImmutableArray<LoadedCertificate> Second);
