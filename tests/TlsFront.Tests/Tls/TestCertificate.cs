namespace TlsFront.Tests.Tls;

/// <summary>A certificate as files hold it.</summary>
/// <param name="Leaf">PEM of the certificate alone.</param>
/// <param name="Intermediate">PEM of its issuer.</param>
/// <param name="Key">PEM of its key.</param>
/// <param name="Thumbprint">What tells it from others.</param>
internal sealed record TestCertificate(string Leaf, string Intermediate, string Key, string Thumbprint)
{
    public string FullChain => Leaf + Intermediate;
}
