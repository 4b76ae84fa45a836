namespace TlsFront.Protocols.Pop3;

/// <summary>The commands of the AUTHORIZATION state that are forwarded.</summary>
internal enum Pop3Command : byte
{
    /// <summary>Not one of them.</summary>
    Unknown,

    /// <summary>NOOP and UTF8 (RFC 6856 section 2.1), which take no argument: one reply line.</summary>
    Plain,

    /// <summary>RFC 2449: a list on <c>+OK</c>.</summary>
    Capa,

    /// <summary>AUTH without argument, older than RFC 5034: a list of mechanisms on <c>+OK</c>.</summary>
    AuthList,

    /// <summary>LANG without argument (RFC 6856 section 3.2): a list on <c>+OK</c>.</summary>
    LangList,

    /// <summary>LANG with a language: one reply line.</summary>
    Lang,

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
