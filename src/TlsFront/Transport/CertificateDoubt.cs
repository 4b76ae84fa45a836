namespace TlsFront.Transport;

/// <summary>What a certificate is refused for, as far as something else than another certificate would help.</summary>
internal enum CertificateDoubt : byte
{
    /// <summary>Something else, such as its age.</summary>
    Other,

    /// <summary>Nobody who is trusted issued it.</summary>
    Authority,

    /// <summary>It is for somebody else.</summary>
    Name,
}
