namespace TlsFront.Configuration;

/// <summary>What of a client's certificate says who the user is.</summary>
internal enum CertificateUser : byte
{
    /// <summary>The one address of electronic mail among the alternative names of the subject (rfc822Name, RFC 5280 section 4.2.1.6).</summary>
    Email,

    /// <summary>The one common name of the subject.</summary>
    CommonName,
}
