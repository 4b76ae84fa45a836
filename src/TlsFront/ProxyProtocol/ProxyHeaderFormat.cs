namespace TlsFront.ProxyProtocol;

/// <summary>What a header looks like on the wire, for its reader and its writer.</summary>
internal static class ProxyHeaderFormat
{
    /// <summary>Longest header of version 1, with its CRLF (section 2.1).</summary>
    public const int MaximumV1 = 107;

    /// <summary>Signature, version and command, family, length.</summary>
    public const int FixedV2 = 16;

    /// <summary>Begins every header of version 1.</summary>
    public static ReadOnlySpan<byte> SignatureV1 => "PROXY "u8;

    /// <summary>Begins every header of version 2; no other protocol begins so.</summary>
    public static ReadOnlySpan<byte> SignatureV2 => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];
}
