namespace TlsFront.Protocols.Smtp;

/// <summary>The replies the gateway gives itself; <see cref="LocalReplies"/> has their words.</summary>
internal enum LocalReply : byte
{
    /// <summary>No reply.</summary>
    None,

    /// <summary>No backend took the session, or none is left.</summary>
    Unavailable,

    /// <summary>The gateway is shutting down.</summary>
    ShuttingDown,

    /// <summary>The backend went away in the middle of the dialogue, or talks nonsense.</summary>
    BackendGone,

    /// <summary>A deadline passed.</summary>
    Timeout,

    /// <summary>The client does not speak SMTP.</summary>
    NotSmtp,

    /// <summary>The session ends because its last message was refused as smuggling.</summary>
    SmugglingEnds,

    /// <summary>Mail before a login.</summary>
    AuthenticationRequired,

    /// <summary>A verb that is withheld from clients.</summary>
    NotImplemented,

    /// <summary>STARTTLS inside TLS.</summary>
    TlsActive,

    /// <summary>A second AUTH (RFC 4954 section 4).</summary>
    AlreadyAuthenticated,

    /// <summary>A SASL mechanism that cannot work through the gateway.</summary>
    MechanismUnsupported,

    /// <summary>A line that is no command.</summary>
    SyntaxError,

    /// <summary>A BDAT whose octets cannot be counted.</summary>
    MalformedChunk,

    /// <summary>A command line above the limit.</summary>
    LineTooLong,

    /// <summary>A line of an AUTH exchange above the limit.</summary>
    AuthenticationLineTooLong,

    /// <summary>Bare CR, LF or NUL outside message data.</summary>
    BareNewline,

    /// <summary>Bytes that were sent behind a DATA before its refusal.</summary>
    OutOfStep,

    /// <summary>A message with bare CR, LF or NUL, under <see cref="BareNewlines.Reject"/>.</summary>
    MessageRefused,
}
