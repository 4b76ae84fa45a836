namespace TlsFront.ProxyProtocol;

/// <summary>Types of version 2's optional values (section 2.2.x of the specification).</summary>
internal static class ProxyTypes
{
    public const byte ApplicationProtocol = 0x01;
    public const byte Authority = 0x02;
    public const byte UniqueId = 0x05;
    public const byte Tls = 0x20;
    public const byte TlsVersion = 0x21;
    public const byte TlsCipher = 0x23;
}
