namespace TlsFront.Tls.Certificates;

/// <summary>Kinds of key a certificate may have here: what mail clients verify.</summary>
internal enum CertificateKeyType : byte
{
    Rsa,
    Ecdsa,
}
