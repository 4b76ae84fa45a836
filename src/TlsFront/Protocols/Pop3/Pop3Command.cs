namespace TlsFront.Protocols.Pop3;

/// <summary>The commands of the AUTHORIZATION state whose reply means something to a front.</summary>
internal enum Pop3Command : byte
{
    /// <summary>Any other: one reply line.</summary>
    Other,

    /// <summary>RFC 2449: a list on <c>+OK</c>.</summary>
    Capa,

    /// <summary>AUTH without argument, older than RFC 5034: a list of mechanisms on <c>+OK</c>.</summary>
    AuthList,

    /// <summary>LANG without argument (RFC 6856 section 3.2): a list on <c>+OK</c>.</summary>
    LangList,

    /// <summary>RFC 5034: a SASL dialogue; <c>+OK</c> logs in.</summary>
    Auth,

    /// <summary>Names the user.</summary>
    User,

    /// <summary><c>+OK</c> logs in.</summary>
    Pass,

    /// <summary><c>+OK</c> logs in.</summary>
    Apop,

    /// <summary>The session ends with the reply.</summary>
    Quit,
}
