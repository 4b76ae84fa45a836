namespace TlsFront.Demo;

/// <summary>What became of a message offered to the store.</summary>
internal enum StoreOutcome : byte
{
    Stored,

    /// <summary>The message alone is larger than the store takes.</summary>
    TooLarge,

    /// <summary>There is no room for it; deleting others helps.</summary>
    Full,
}
