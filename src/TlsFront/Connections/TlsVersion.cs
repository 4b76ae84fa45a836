namespace TlsFront.Connections;

/// <summary>TLS protocol versions; the values are those on the wire (RFC 8446 section 4.2.1), so they compare by age.</summary>
internal enum TlsVersion : ushort
{
    Ssl3 = 0x0300,
    Tls10 = 0x0301,
    Tls11 = 0x0302,
    Tls12 = 0x0303,
    Tls13 = 0x0304,
}
