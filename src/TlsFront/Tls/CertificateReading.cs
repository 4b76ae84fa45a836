namespace TlsFront.Tls;

/// <summary>Result of reading a certificate source: the certificate, or why there is none.</summary>
/// <param name="Certificate">The certificate; null if it could not be used.</param>
/// <param name="Problem">What is wrong and what to do, naming the file; null if nothing.</param>
internal readonly record struct CertificateReading(LoadedCertificate? Certificate, string? Problem = null);
