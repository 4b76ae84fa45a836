namespace TlsFront.Protocols;

/// <summary>Where a session stands, as far as deadlines care. A new phase, or a consumed byte within one, restarts its deadline.</summary>
internal enum Phase : byte
{
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
