namespace TlsFront.Configuration;

/// <summary>When TLS begins on a listener.</summary>
internal enum ListenerSecurity : byte
{
    /// <summary>With the first octet (RFC 8314 section 3).</summary>
    Implicit,

    /// <summary>When the client asks for it; before that no login and no mail (RFC 3207, RFC 2595, RFC 9051 section 6.2.1).</summary>
    StartTls,

    /// <summary>
    /// The same, but clients that a policy names log in without it (RFC 8314 section 4.1): for the last devices that cannot do better.
    /// </summary>
    Optional,
}
