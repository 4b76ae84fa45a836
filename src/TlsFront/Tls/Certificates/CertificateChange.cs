namespace TlsFront.Tls.Certificates;

/// <summary>What a check of a certificate source brought.</summary>
internal enum CertificateChange : byte
{
    /// <summary>Nothing new, or something that is still being written.</summary>
    None,

    /// <summary>A new certificate.</summary>
    Replaced,

    /// <summary>Files that cannot be used; the last good certificate stays.</summary>
    Unusable,
}
