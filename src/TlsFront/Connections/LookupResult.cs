namespace TlsFront.Connections;

/// <summary>What came of asking where a user's sessions go. <see cref="LookupResults"/> gives each its tag and its words.</summary>
internal enum LookupResult : byte
{
    /// <summary>The service named a destination.</summary>
    Found,

    /// <summary>The service refused the login.</summary>
    Refused,

    /// <summary>The service wants to be asked again a little later.</summary>
    Wait,

    /// <summary>It did not answer in time.</summary>
    Timeout,

    /// <summary>It could not be connected, or the connection broke.</summary>
    Unreachable,

    /// <summary>TLS with it failed; commonly its certificate is of no known authority, or for another name.</summary>
    TlsFailed,

    /// <summary>It answered with another status than 2xx.</summary>
    HttpStatus,

    /// <summary>Its answer lacks what it needs, or has it wrong.</summary>
    BadAnswer,

    /// <summary>It named a server that no login may be led to.</summary>
    UnknownServer,

    /// <summary>It named an address, and of some destination's name it could not be found out whether that is it.</summary>
    Unresolved,

    /// <summary>The client's password is longer than any that is handed on.</summary>
    PasswordTooLong,
}
