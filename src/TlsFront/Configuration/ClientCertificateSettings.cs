namespace TlsFront.Configuration;

/// <summary>Certificates that clients of a listener or route are asked for (RFC 8314 section 4.2). Without authorities nobody is asked.</summary>
/// <param name="Authorities">PEM file with the authorities they may be of; null for no certificates at all.</param>
/// <param name="RevocationLists">PEM file with the revocation lists of those authorities; null to revoke none.</param>
/// <param name="User">What of a certificate says who the user is. Defaults to the mail address, which is what users log in as.</param>
/// <param name="IsRequired">Whether a client without one is refused. Defaults to false: a user without one has a password.</param>
internal sealed record ClientCertificateSettings(
    string? Authorities = null, string? RevocationLists = null, CertificateUser User = CertificateUser.Email, bool IsRequired = false)
{
    /// <summary>Whether clients are asked for one.</summary>
    public bool AreRequested => Authorities is not null;
}
