namespace TlsFront.Protocols;

/// <summary>An event from outside the byte streams. Every one of them reaches the machine through <see cref="MailMachine.On"/>.</summary>
internal enum Signal : byte
{
    /// <summary>First call of a session; nothing is connected yet.</summary>
    Start,

    /// <summary>TLS with the client is up, on a machine that asked for <see cref="Next.Secure"/>.</summary>
    Secured,

    /// <summary>A backend is connected and introduced; its greeting follows as ordinary bytes.</summary>
    BackendReady,

    /// <summary>No backend could be reached, every destination tried.</summary>
    BackendLost,

    /// <summary>
    /// The login that waits for a backend gets none: <see cref="Connections.SessionFacts.LoginRefusal"/> says what its client is told. Instead of
    /// <see cref="BackendReady"/> and <see cref="BackendLost"/>, on a machine that holds logins.
    /// </summary>
    LoginRefused,

    /// <summary>
    /// The client will send nothing more, but may still read: what it asked for is answered first. All its bytes were offered before, so that a
    /// machine that owes nothing ends the session.
    /// </summary>
    ClientEnded,

    /// <summary>
    /// The client is gone: what is said to it is lost. Instead of <see cref="ClientEnded"/>, or later. All its bytes were offered before, or are
    /// held.
    /// </summary>
    ClientLost,

    /// <summary>The backend will send nothing more. All its bytes were offered before.</summary>
    BackendEnded,

    /// <summary>The gateway is shutting down: end politely as soon as the protocol allows.</summary>
    Drain,

    /// <summary>The deadline of the current <see cref="Phase"/> passed.</summary>
    Expired,
}
