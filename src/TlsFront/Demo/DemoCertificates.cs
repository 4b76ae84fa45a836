using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Demo;

/// <summary>A certificate for the demo from a CA made for this run, as PEM. The CA's key is never written: nobody can issue another.</summary>
/// <param name="Authority">The CA's certificate.</param>
/// <param name="Certificate">The gateway's certificate, followed by the CA's: a full chain, as an operator would have it.</param>
/// <param name="Key">Its key, PKCS #8.</param>
internal sealed record DemoCertificates(string Authority, string Certificate, string Key)
{
    /// <summary>The gateway's name in the demo; <c>.test</c> exists nowhere (RFC 6761).</summary>
    public const string HostName = "mail.demo.test";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>
    /// Makes a CA and a certificate for <see cref="HostName"/>, localhost and the loopback addresses, ECDSA P-256, good for 30 days.
    /// </summary>
    public static DemoCertificates Create(TimeProvider time)
    {
        // An hour back, for a client whose clock is behind, such as a phone or a container.
        var from = time.GetUtcNow().AddHours(-1);
        var until = from + Lifetime;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = Authorize(authorityKey).CreateSelfSigned(from, until);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(key, authority).Create(authority, from, until, SerialNumber());
        var anchor = authority.ExportCertificatePem() + "\n";
        return new(anchor, certificate.ExportCertificatePem() + "\n" + anchor, key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static CertificateRequest Authorize(ECDsa key)
    {
        var request = new CertificateRequest("CN=TlsFront demo CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private static CertificateRequest Request(ECDsa key, X509Certificate2 authority)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(HostName);
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        var request = new CertificateRequest($"CN={HostName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    /// <summary>Positive and random (RFC 5280 section 4.1.2.2).</summary>
    private static byte[] SerialNumber()
    {
        var number = RandomNumberGenerator.GetBytes(16);
        number[0] = (byte)(number[0] & 0x7f | 0x40);
        return number;
    }
}
