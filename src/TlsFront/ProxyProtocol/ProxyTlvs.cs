namespace TlsFront.ProxyProtocol;

/// <summary>The optional fields of a version 2 header that a receiver may get, most important first.</summary>
[Flags]
internal enum ProxyTlvs : byte
{
    None = 0,

    /// <summary>
    /// PP2_TYPE_SSL: that the client used TLS, its version, cipher and group. Decides on Dovecot whether plaintext logins are offered.
    /// </summary>
    Ssl = 1,

    /// <summary>PP2_TYPE_AUTHORITY: the server name the client asked for.</summary>
    Authority = 2,

    /// <summary>PP2_TYPE_ALPN: the protocol TLS negotiated, where it is the receiver's own word for what it speaks.</summary>
    Alpn = 4,

    /// <summary>PP2_TYPE_UNIQUE_ID: the connection id.</summary>
    UniqueId = 8,
}
