namespace TlsFront.Connections;

/// <summary>What a login is refused for, where protocols have codes that tell programs.</summary>
internal enum LoginRefusalKind : byte
{
    /// <summary>For who it is, or what it proves: another password may do.</summary>
    Login,

    /// <summary>For how the client is connected: no password is of use (RFC 5530 PRIVACYREQUIRED).</summary>
    Transport,

    /// <summary>For now: the same login may do later (RFC 5530 UNAVAILABLE).</summary>
    Temporary,
}
