namespace TlsFront.Protocols.Smtp;

/// <summary>What a forwarded piece of the dialogue was, so that its reply is understood when its turn comes.</summary>
internal enum Awaited : byte
{
    /// <summary>A command whose reply changes nothing here.</summary>
    Other,

    /// <summary>EHLO: the reply is rewritten.</summary>
    Ehlo,

    Helo,
    Auth,
    Mail,
    Rcpt,
    Data,
    Reset,
    Quit,

    /// <summary>A BDAT that is not the last of its message.</summary>
    Chunk,

    /// <summary>The final dot, or BDAT LAST: the verdict on a message.</summary>
    Verdict,
}
