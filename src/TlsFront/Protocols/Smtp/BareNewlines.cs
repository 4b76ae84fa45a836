namespace TlsFront.Protocols.Smtp;

/// <summary>How message data with a bare CR, a bare LF or a NUL is treated (SMTP smuggling, CVE-2023-51764 and relatives).</summary>
internal enum BareNewlines : byte
{
    /// <summary>They are rewritten so that the backend sees exactly the end of data the client framed.</summary>
    Normalize,

    /// <summary>The message is refused.</summary>
    Reject,
}
