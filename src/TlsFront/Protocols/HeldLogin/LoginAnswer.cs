namespace TlsFront.Protocols.HeldLogin;

/// <summary>What a <see cref="LoginDialogue"/> made of what a session sent.</summary>
internal enum LoginAnswer : byte
{
    /// <summary>It was answered, and is done with.</summary>
    Answered,

    /// <summary>It begins a login, or continues one, whose next part was asked for.</summary>
    Continued,

    /// <summary>It ends a login, which the backend of its user answers.</summary>
    Complete,

    /// <summary>It ends a login that no backend hears of: the client gave it up, or nobody can say whose it is.</summary>
    Refused,
}
