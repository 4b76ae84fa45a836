namespace TlsFront.Protocols.Smtp;

/// <summary>Whether bytes begin with a line that may be looked at.</summary>
internal enum LineFraming : byte
{
    /// <summary>A line ended by CRLF.</summary>
    Complete,

    /// <summary>No end yet.</summary>
    Incomplete,

    /// <summary>No end within the limit.</summary>
    TooLong,

    /// <summary>A CR, LF or NUL that is not part of a CRLF (RFC 5321 section 2.3.8).</summary>
    BareNewline,
}
