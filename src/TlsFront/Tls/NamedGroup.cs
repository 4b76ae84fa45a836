namespace TlsFront.Tls;

/// <summary>Elliptic curves a certificate's key may be on, by their number in supported_groups (RFC 8446 section 4.2.7). A client's list may hold others.</summary>
internal enum NamedGroup : ushort
{
    None = 0,
    Secp256R1 = 23,
    Secp384R1 = 24,
    Secp521R1 = 25,
}
