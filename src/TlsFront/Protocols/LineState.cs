namespace TlsFront.Protocols;

/// <summary>What <see cref="LineReader.Read"/> found.</summary>
internal enum LineState : byte
{
    /// <summary>No line end yet.</summary>
    Incomplete,

    /// <summary>A line.</summary>
    Complete,

    /// <summary>A line with a bare CR or a NUL in it, or one that ends in a bare LF where that is refused.</summary>
    Malformed,

    /// <summary>More bytes than the maximum, line end included.</summary>
    TooLong,
}
