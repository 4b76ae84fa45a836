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

    /// <summary>Too many commands in a row led nowhere.</summary>
    TooManyErrors,

    /// <summary>The session ends because its last message was refused as smuggling.</summary>
    SmugglingEnds,

    /// <summary>Done.</summary>
    Ok,

    /// <summary>EHLO or HELO without a name.</summary>
    HelloWithoutName,

    /// <summary>Something else than the way to TLS before STARTTLS (RFC 3207 section 4).</summary>
    TlsRequired,

    /// <summary>STARTTLS where there is no certificate.</summary>
    TlsUnavailable,

    /// <summary>STARTTLS with an argument.</summary>
    StartTlsArguments,

    /// <summary>Octets that were sent behind STARTTLS, before TLS.</summary>
    DataBehindStartTls,

    /// <summary>Mail before a login.</summary>
    AuthenticationRequired,

    /// <summary>A verb that is withheld from clients.</summary>
    NotImplemented,

    /// <summary>STARTTLS inside TLS.</summary>
    TlsActive,

    /// <summary>A second AUTH (RFC 4954 section 4).</summary>
    AlreadyAuthenticated,

    /// <summary>An AUTH that is not the verb, a mechanism's name and perhaps a response, with one space between them.</summary>
    MalformedLogin,

    /// <summary>A SASL mechanism that cannot work through the gateway.</summary>
    MechanismUnsupported,

    /// <summary>A parameter of MAIL that is not offered and must not be obeyed.</summary>
    ParameterUnsupported,

    /// <summary>A line that is no command.</summary>
    SyntaxError,

    /// <summary>A BDAT whose octets cannot be counted.</summary>
    MalformedChunk,

    /// <summary>A BDAT above <see cref="ChunkCommand.MaxLength"/>.</summary>
    ChunkTooLarge,

    /// <summary>BDAT to a backend that does not offer CHUNKING.</summary>
    ChunkingNotOffered,

    /// <summary>BDAT without a MAIL that the backend accepted.</summary>
    NoTransaction,

    /// <summary>BDAT or DATA after a refused chunk, or DATA after BDAT.</summary>
    TransactionDead,

    /// <summary>A chunk with which the message is above the SIZE the client was told.</summary>
    MessageTooLarge,

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
