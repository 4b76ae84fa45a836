namespace TlsFront.Protocols.Introduction;

/// <summary>How far an introduction has come.</summary>
internal enum IntroductionProgress : byte
{
    /// <summary>The backend has the word.</summary>
    Pending,

    /// <summary>Done: what follows is the session's, beginning with the greeting.</summary>
    Done,

    /// <summary>The backend does not take the client's address from the gateway, or makes no sense.</summary>
    Refused,
}
