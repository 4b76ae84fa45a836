namespace TlsFront.Protocols.HeldLogin;

/// <summary>Whom the session of a <see cref="HeldLoginMachine"/> talks to.</summary>
internal enum HeldLoginStage : byte
{
    /// <summary>The <see cref="LoginDialogue"/>.</summary>
    Dialogue,

    /// <summary>Nobody: its login is complete, and a backend is being connected.</summary>
    Connecting,

    /// <summary>Nobody: the backend is to greet.</summary>
    Greeting,

    /// <summary>Nobody: the backend is told what comes before a login.</summary>
    Preamble,

    /// <summary>The backend, which has the login's parts still to come or its answer to give.</summary>
    Login,

    /// <summary>The backend, for good.</summary>
    LoggedIn,
}
