namespace TlsFront.Protocols.Access;

/// <summary>Where a session that is read until the login stands: whom it waits for.</summary>
internal enum AccessStage : byte
{
    /// <summary>The engine, for a backend.</summary>
    Connecting,

    /// <summary>The backend, for its greeting.</summary>
    Greeting,

    /// <summary>The client: nothing is outstanding at the backend, so an answer of our own may go out.</summary>
    Client,

    /// <summary>The backend, for what it owes to the last bytes forwarded.</summary>
    Backend,

    /// <summary>Nobody: the session is transparent.</summary>
    Relay,
}
