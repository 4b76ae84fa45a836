namespace TlsFront.ProxyProtocol;

/// <summary>Numbers of the fields of a version 2 header (PROXY protocol section 2.2).</summary>
internal enum TlvType : byte
{
    Alpn = 0x01,
    Authority = 0x02,

    /// <summary>Checksum of the whole header.</summary>
    Crc32C = 0x03,

    UniqueId = 0x05,
    Ssl = 0x20,

    /// <summary>Within <see cref="Ssl"/>.</summary>
    SslVersion = 0x21,

    /// <summary>Within <see cref="Ssl"/>: the common name of the client's certificate.</summary>
    SslCommonName = 0x22,

    /// <summary>Within <see cref="Ssl"/>.</summary>
    SslCipher = 0x23,

    /// <summary>Within <see cref="Ssl"/>: the key exchange group by its IANA name.</summary>
    SslGroup = 0x26,
}
