namespace TlsFront.Protocols.Access;

/// <summary>What <see cref="CommandLine.Read"/> found.</summary>
internal enum LineState : byte
{
    /// <summary>No line end yet.</summary>
    Incomplete,

    /// <summary>A line that ends in CRLF.</summary>
    Complete,

    /// <summary>A line with a bare CR, bare LF or NUL in it.</summary>
    Malformed,

    /// <summary>More bytes than the maximum, line end included.</summary>
    TooLong,
}
