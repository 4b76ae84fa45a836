namespace TlsFront.Protocols.Smtp;

/// <summary>What a command line asks for, as far as a gateway must tell commands apart.</summary>
internal enum SmtpVerb : byte
{
    /// <summary>Any other word: the backend's business (RFC 5321 section 3.8).</summary>
    Unknown,

    /// <summary>NOOP or HELP.</summary>
    Other,

    Ehlo,
    Helo,

    /// <summary>MAIL and its forerunners SEND, SOML and SAML (RFC 821), which open a transaction too.</summary>
    Mail,

    Rcpt,
    Data,
    Bdat,
    Auth,
    Rset,
    Quit,
    StartTls,

    /// <summary>VRFY or EXPN: they tell who has a mailbox.</summary>
    Lookup,

    /// <summary>
    /// A word no client of a submission service may say to the backend: it would speak in the gateway's name (XCLIENT, XFORWARD, PROXY, XOIP),
    /// fetch content past the <c>Received</c> field (BURL), start a queue (ETRN, ATRN, TURN: RFC 6409 forbids them) or change the
    /// protocol (LHLO, STLS, COMPRESS). Also a word that a server may take for MAIL, RCPT, DATA or BDAT by its first four letters.
    /// </summary>
    Withheld,

    /// <summary>A method of HTTP: a browser was lured here.</summary>
    Foreign,

    /// <summary>Not a word of letters and digits followed by a space or nothing. Never forwarded: the backend may read another word in it.</summary>
    Malformed,
}
