namespace TlsFront.Connections;

/// <summary>What a session's login crosses the network in (RFC 8314 section 3).</summary>
internal enum LoginTransport : byte
{
    /// <summary>TLS from the first octet.</summary>
    Implicit,

    /// <summary>TLS that the client asked for.</summary>
    StartTls,

    /// <summary>Nothing: everybody on the way can read it.</summary>
    Cleartext,
}
