using TlsFront.Connections;
using TlsFront.Tls.Hello;

namespace TlsFront.Tls.Certificates;

/// <summary>Which certificates a client can verify, by its hello (RFC 8446 section 4.4.2.2, RFC 8422 section 5.1, RFC 5246 section 7.4.2).</summary>
internal static class CertificateChoice
{
    /// <summary>Whether the client verifies a handshake signed with the certificate's key.</summary>
    public static bool CanVerify(ClientHello hello, TlsVersion version, LoadedCertificate certificate)
    {
        var schemes = hello.SignatureAlgorithms;
        if (version < TlsVersion.Tls12)
        {
            // The suite names the signature.
            return certificate.KeyType == CertificateKeyType.Rsa || IsKnownCurve(hello, certificate);
        }

        if (certificate.KeyType == CertificateKeyType.Rsa)
        {
            return schemes.Contains(SignatureScheme.RsaPssSha256)
                || schemes.Contains(SignatureScheme.RsaPssSha384)
                || schemes.Contains(SignatureScheme.RsaPssSha512)
                || (version < TlsVersion.Tls13
                    && (schemes.Contains(SignatureScheme.RsaPkcs1Sha256)
                        || schemes.Contains(SignatureScheme.RsaPkcs1Sha384)
                        || schemes.Contains(SignatureScheme.RsaPkcs1Sha512)));
        }

        if (version >= TlsVersion.Tls13)
        {
            // Here, and only here, a scheme means one curve.
            return schemes.Contains(certificate.Curve switch
            {
                NamedGroup.Secp384R1 => SignatureScheme.EcdsaSha384,
                NamedGroup.Secp521R1 => SignatureScheme.EcdsaSha512,
                _ => SignatureScheme.EcdsaSha256,
            });
        }

        return (schemes.Contains(SignatureScheme.EcdsaSha256)
            || schemes.Contains(SignatureScheme.EcdsaSha384)
            || schemes.Contains(SignatureScheme.EcdsaSha512))
            && IsKnownCurve(hello, certificate);
    }

    private static bool IsKnownCurve(ClientHello hello, LoadedCertificate certificate) =>
        hello.SupportedGroups.IsEmpty || hello.SupportedGroups.Contains(certificate.Curve);

    /// <summary>Whether the client verifies the issuer's signature too. A preference only: most clients verify more than they list.</summary>
    public static bool CanVerifyIssuer(ClientHello hello, LoadedCertificate certificate)
    {
        var schemes = hello.CertificateSignatureAlgorithms.IsEmpty ? hello.SignatureAlgorithms : hello.CertificateSignatureAlgorithms;
        return certificate.IssuerSignature == SignatureScheme.None || schemes.Contains(certificate.IssuerSignature);
    }
}
