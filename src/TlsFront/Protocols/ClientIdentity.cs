namespace TlsFront.Protocols;

/// <summary>How a backend learns whose session it serves.</summary>
internal enum ClientIdentity : byte
{
    /// <summary>By a PROXY header before the first word, if it gets one.</summary>
    Proxy,

    /// <summary>By XCLIENT, which Postfix, Haraka and Dovecot know with SMTP, and Dovecot with POP3.</summary>
    XClient,

    /// <summary>By the fields of ID that Dovecot takes from <c>login_trusted_networks</c>.</summary>
    Id,

    /// <summary>Not at all: it sees the gateway's address.</summary>
    None,
}
