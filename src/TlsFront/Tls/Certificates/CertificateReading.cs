namespace TlsFront.Tls.Certificates;

/// <summary>Result of reading a certificate source: the certificate, or why there is none.</summary>
/// <param name="Certificate">The certificate; null if it could not be used.</param>
/// <param name="Problem">What is wrong and what to do, naming the file; null if nothing.</param>
/// <param name="Warning">What an operator should know of files that could be used; null if nothing.</param>
internal readonly record struct CertificateReading(LoadedCertificate? Certificate, string? Problem = null, string? Warning = null)
{
    /// <summary>The same with something more to know, if there is a certificate and <paramref name="words"/> are not null.</summary>
    public CertificateReading Warn(string? words) =>
        Certificate is null || words is null ? this : this with { Warning = Warning is null ? words : $"{Warning}; {words}" };

    /// <summary>All that an operator should know of a certificate that could be used.</summary>
    public IEnumerable<string> Warnings(DateTimeOffset now) =>
        [.. Certificate?.Warnings(now) ?? [], .. new[] { Certificate?.OverdueRenewal(now), Warning }.OfType<string>()];
}
