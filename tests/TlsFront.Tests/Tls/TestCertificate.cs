using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Tests.Tls;

/// <summary>A certificate as files hold it.</summary>
/// <param name="Leaf">PEM of the certificate alone.</param>
/// <param name="Intermediate">PEM of its issuer.</param>
/// <param name="Key">PEM of its key.</param>
/// <param name="Thumbprint">What tells it from others.</param>
internal sealed record TestCertificate(string Leaf, string Intermediate, string Key, string Thumbprint)
{
    public string FullChain => Leaf + Intermediate;

    /// <summary>The root first, then intermediate and leaf: the format promises no order.</summary>
    public byte[] Pkcs12(string? password)
    {
        using var leaf = X509Certificate2.CreateFromPem(Leaf, Key);
        using var intermediate = X509Certificate2.CreateFromPem(Intermediate);
        return new X509Certificate2Collection { TestAuthority.Shared.Root, intermediate, leaf }.Export(X509ContentType.Pkcs12, password)!;
    }
}
