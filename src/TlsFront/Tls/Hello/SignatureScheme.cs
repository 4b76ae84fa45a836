namespace TlsFront.Tls.Hello;

/// <summary>
/// Signature schemes that matter for the choice of a certificate, as on the wire (RFC 8446 section 4.2.3). A client's list may hold others.
/// </summary>
internal enum SignatureScheme : ushort
{
    None = 0,
    RsaPkcs1Sha256 = 0x0401,
    EcdsaSha256 = 0x0403,
    RsaPkcs1Sha384 = 0x0501,
    EcdsaSha384 = 0x0503,
    RsaPkcs1Sha512 = 0x0601,
    EcdsaSha512 = 0x0603,
    RsaPssSha256 = 0x0804,
    RsaPssSha384 = 0x0805,
    RsaPssSha512 = 0x0806,
}
