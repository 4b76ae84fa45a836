namespace TlsFront.Admin;

/// <summary>A certificate in use.</summary>
/// <param name="Source">Its file.</param>
/// <param name="Names">DNS names it is for.</param>
/// <param name="NotAfter">When it expires.</param>
/// <param name="DaysLeft">Whole days until then; negative once it has expired.</param>
internal sealed record CertificateStatus(string Source, IReadOnlyList<string> Names, DateTimeOffset NotAfter, int DaysLeft);
