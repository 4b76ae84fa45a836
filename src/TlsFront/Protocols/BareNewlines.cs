namespace TlsFront.Protocols;

/// <summary>
/// How CR and LF that do not stand together are treated (SMTP smuggling, CVE-2023-51764 and relatives). In a command a bare CR or a NUL is refused
/// always: servers disagree whether it ends the line, and no client means it.
/// </summary>
internal enum BareNewlines : byte
{
    /// <summary>
    /// Message data is rewritten so that the backend sees exactly the end of data the client framed; a command line that ends in LF alone is
    /// forwarded with CRLF, which leaves no server anything to read differently.
    /// </summary>
    Normalize,

    /// <summary>The message, or the command, is refused.</summary>
    Reject,
}
