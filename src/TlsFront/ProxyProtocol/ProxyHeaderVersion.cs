namespace TlsFront.ProxyProtocol;

/// <summary>Versions of the PROXY protocol's header, or its absence.</summary>
internal enum ProxyHeaderVersion : byte
{
    None,
    V1,
    V2,
}
