namespace TlsFront.Demo;

/// <summary>The system flags of RFC 3501 section 2.3.2 that last longer than a session.</summary>
[Flags]
internal enum MessageFlags : byte
{
    None = 0,
    Seen = 1,
    Answered = 2,
    Flagged = 4,
    Deleted = 8,
    Draft = 16,
}
