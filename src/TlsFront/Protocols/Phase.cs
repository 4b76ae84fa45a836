namespace TlsFront.Protocols;

/// <summary>
/// Where a session stands, as far as deadlines care. A new phase restarts its deadline, and so does a consumed byte within one, except before
/// TLS and before the login: somebody without an account could hold a place for days with an octet a minute.
/// </summary>
internal enum Phase : byte
{
    /// <summary>Before STARTTLS: whatever is said, this is all the time there is for it.</summary>
    Plaintext,

    /// <summary>Waiting for the backend's greeting.</summary>
    Greeting,

    /// <summary>Not logged in yet, waiting for the client.</summary>
    PreLogin,

    /// <summary>Logged in, waiting for the client's next command.</summary>
    Command,

    /// <summary>Waiting for the backend's reply to a command.</summary>
    AwaitReply,

    /// <summary>Inside message data, waiting for the client.</summary>
    Data,

    /// <summary>Message data complete, waiting for the backend's verdict.</summary>
    FinalReply,

    /// <summary>Transparent.</summary>
    Relay,
}
