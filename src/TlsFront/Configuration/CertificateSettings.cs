namespace TlsFront.Configuration;

/// <summary>One certificate source.</summary>
/// <param name="Path">A folder (certbot's <c>live/NAME</c>, a mounted Kubernetes secret) a folder of many, a PEM file with the chain,
/// leaf first, or a PKCS #12 file.</param>
/// <param name="Key">The PEM file of the key when <paramref name="Path"/> is a file that does not hold it; null otherwise.</param>
/// <param name="PasswordFile">The file of the password that an encrypted key or PKCS #12 file needs; null if none does.</param>
/// <param name="SharesPassword">Whether the password is that of a folder of many, some of which may need none.</param>
internal sealed record CertificateSettings(string Path, string? Key, string? PasswordFile = null, bool SharesPassword = false);
