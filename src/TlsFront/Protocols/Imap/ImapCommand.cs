namespace TlsFront.Protocols.Imap;

/// <summary>The commands of the not-authenticated state that are forwarded.</summary>
internal enum ImapCommand : byte
{
    /// <summary>Not one of them.</summary>
    Unknown,

    /// <summary>CAPABILITY and NOOP, which take no argument (RFC 9051 section 6.1).</summary>
    Plain,

    /// <summary>RFC 5255 section 3.1.</summary>
    Language,

    /// <summary>RFC 2971.</summary>
    Id,

    /// <summary>RFC 9051 section 6.2.3.</summary>
    Login,

    /// <summary>RFC 9051 section 6.2.2.</summary>
    Authenticate,

    /// <summary>RFC 9051 section 6.1.3.</summary>
    Logout,
}
