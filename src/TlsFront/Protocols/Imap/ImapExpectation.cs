namespace TlsFront.Protocols.Imap;

/// <summary>What the client sends next.</summary>
internal enum ImapExpectation : byte
{
    /// <summary>A command.</summary>
    Command,

    /// <summary>The octets of a literal the backend is ready for.</summary>
    Literal,

    /// <summary>The rest of a command after a literal.</summary>
    Continuation,

    /// <summary>Fields of an ID that were read before and are now forwarded.</summary>
    IdFields,

    /// <summary>A SASL response.</summary>
    SaslResponse,

    /// <summary>The octets of a non-synchronising literal whose command was refused already.</summary>
    DroppedLiteral,

    /// <summary>The rest of a command after such a literal.</summary>
    DroppedContinuation,
}
