namespace TlsFront.Demo.Imap;

/// <summary>What a fetch item asks of a message.</summary>
internal enum FetchAttribute : byte
{
    Flags,
    Uid,
    InternalDate,
    Size,
    Envelope,

    /// <summary>The structure without extension data.</summary>
    Body,

    /// <summary>The structure with extension data.</summary>
    BodyStructure,

    /// <summary>Content, as <see cref="FetchItem.Section"/> says.</summary>
    Content,
}
