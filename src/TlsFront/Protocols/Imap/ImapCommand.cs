namespace TlsFront.Protocols.Imap;

/// <summary>The commands of the not-authenticated state whose answer means something to a front.</summary>
internal enum ImapCommand : byte
{
    /// <summary>Any other.</summary>
    Other,

    /// <summary>RFC 9051 section 6.2.3.</summary>
    Login,

    /// <summary>RFC 9051 section 6.2.2.</summary>
    Authenticate,

    /// <summary>RFC 9051 section 6.1.3.</summary>
    Logout,
}
