namespace TlsFront.Demo;

/// <summary>How reading a line ended.</summary>
internal enum LineStatus : byte
{
    Complete,

    /// <summary>Longer than allowed; all of it has been read and dropped.</summary>
    TooLong,

    /// <summary>The client is gone.</summary>
    End,
}
