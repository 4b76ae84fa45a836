namespace TlsFront.Protocols.StartTls;

/// <summary>What a line of the plaintext phase asked for.</summary>
internal enum PlaintextRequest : byte
{
    /// <summary>Something that was answered.</summary>
    Answered,

    /// <summary>TLS. Nothing was said yet.</summary>
    StartTls,

    /// <summary>To log in without TLS, where it may. Nothing was said, and the line is the session's.</summary>
    LogIn,

    /// <summary>To leave; the goodbye was said.</summary>
    Leave,

    /// <summary>Something that ends the connection: another protocol, or more octets announced than are dropped.</summary>
    Abort,
}
