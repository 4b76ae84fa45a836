namespace TlsFront.Policies;

/// <summary>What a policy asks of a login, in the order in which it is asked.</summary>
internal enum PolicyCondition : byte
{
    /// <summary>Nothing that does not hold: the policy matches.</summary>
    None,

    /// <summary>The listener and its protocol.</summary>
    Listener,

    /// <summary>What the login comes by.</summary>
    Transport,

    /// <summary>That it lets logins in that come by TLS before 1.2 or with a weak cipher suite, where this one does.</summary>
    Legacy,

    /// <summary>That it has begun to apply.</summary>
    From,

    /// <summary>That it still applies.</summary>
    Until,

    /// <summary>That it is the time for it.</summary>
    During,

    /// <summary>The TLS version.</summary>
    Tls,

    /// <summary>The cipher suite.</summary>
    Cipher,

    /// <summary>The client's network.</summary>
    Network,

    /// <summary>The server name.</summary>
    ServerName,

    /// <summary>The fingerprint of the client's hello.</summary>
    Ja4,

    /// <summary>The client's program.</summary>
    Program,

    /// <summary>The user.</summary>
    User,

    /// <summary>That the user is in the share.</summary>
    Sample,
}
