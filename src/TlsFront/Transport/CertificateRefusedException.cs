using System.Security.Authentication;

namespace TlsFront.Transport;

/// <summary>TLS with a backend failed because its certificate proves nothing.</summary>
/// <param name="why">The library's words.</param>
/// <param name="doubt">What is wrong with it.</param>
internal sealed class CertificateRefusedException(string why, CertificateDoubt doubt) : AuthenticationException(
    $"TLS with it failed: its certificate is refused: {why}")
{
    /// <summary>What is wrong with it.</summary>
    public CertificateDoubt Doubt => doubt;
}
