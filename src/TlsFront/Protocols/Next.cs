namespace TlsFront.Protocols;

/// <summary>What a <see cref="MailMachine"/> asks of the engine after one call.</summary>
internal enum Next : byte
{
    /// <summary>Go on. If nothing was consumed, offer the same bytes again once more have arrived.</summary>
    More,

    /// <summary>Offer the rest again only after the other side or a signal moved.</summary>
    Hold,

    /// <summary>Start TLS with the client; bytes not consumed are TLS's, never offered again.</summary>
    Secure,

    /// <summary>Connect to a backend, the next untried one if there was one before (which is dropped).</summary>
    Connect,

    /// <summary>Drop the backend, whose place is another session's, and go on with the client alone.</summary>
    Disconnect,

    /// <summary>From here on bytes pass unread; the machine is not called again.</summary>
    Transparent,

    /// <summary>Deliver what was emitted to the client, say close_notify and end both sides.</summary>
    Close,
}
