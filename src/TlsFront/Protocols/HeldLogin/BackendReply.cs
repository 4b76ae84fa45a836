namespace TlsFront.Protocols.HeldLogin;

/// <summary>What a reply of the backend's means for a login that is handed on to it.</summary>
internal enum BackendReply : byte
{
    /// <summary>Nothing: a line that stands before the answer.</summary>
    Other,

    /// <summary>It asks for the next part.</summary>
    Continuation,

    /// <summary>The user is logged in.</summary>
    Accepted,

    /// <summary>The user is not.</summary>
    Refused,

    /// <summary>Nothing that answers a login.</summary>
    Unexpected,
}
