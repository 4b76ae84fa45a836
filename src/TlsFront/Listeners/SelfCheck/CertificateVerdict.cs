namespace TlsFront.Listeners.SelfCheck;

/// <summary>Whether a listener presents a certificate as its file has it now.</summary>
/// <param name="IsServed">Whether it does; null if that cannot be checked.</param>
/// <param name="Words">What is wrong, or why it cannot be checked; null if it is right.</param>
/// <param name="NotAfter">End of validity of what was presented; null if nothing was.</param>
internal sealed record CertificateVerdict(bool? IsServed, string? Words = null, DateTimeOffset? NotAfter = null);
