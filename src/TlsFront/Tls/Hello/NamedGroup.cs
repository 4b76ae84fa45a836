namespace TlsFront.Tls.Hello;

/// <summary>
/// Groups for key exchange and curves of certificates' keys, as far as the gateway deals with them, by their number in supported_groups
/// (RFC 8446 section 4.2.7). A client's list may hold others.
/// </summary>
internal enum NamedGroup : ushort
{
    None = 0,
    Secp256R1 = 23,
    Secp384R1 = 24,
    Secp521R1 = 25,
    X25519 = 29,
    X25519MlKem768 = 0x11EC,
}
