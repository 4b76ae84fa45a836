namespace TlsFront.Configuration;

/// <summary>Mozilla server side TLS guidelines, version 6.0.</summary>
internal enum TlsProfile : byte
{
    /// <summary>TLS 1.2 and 1.3 with forward secrecy and AEAD only.</summary>
    Intermediate,

    /// <summary>TLS 1.3 only.</summary>
    Modern,
}
