namespace TlsFront.Tls.Certificates;

/// <summary>Words for kinds of key.</summary>
internal static class CertificateKeyTypes
{
    /// <summary>The kind as operators know it.</summary>
    public static string Words(this CertificateKeyType type) => type == CertificateKeyType.Rsa ? "RSA" : "ECDSA";

    /// <summary>The one that is not this.</summary>
    public static CertificateKeyType Other(this CertificateKeyType type) =>
        type == CertificateKeyType.Rsa ? CertificateKeyType.Ecdsa : CertificateKeyType.Rsa;
}
