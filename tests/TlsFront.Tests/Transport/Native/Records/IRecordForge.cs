namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>Makes and reads the records of one side, whatever the version.</summary>
internal interface IRecordForge
{
    /// <summary>Whether the version is 1.3.</summary>
    bool IsTls13 { get; }

    /// <summary>Number of the next record.</summary>
    ulong Sequence { get; set; }

    /// <summary>Protects a record; padding is for TLS 1.3 alone.</summary>
    byte[] Seal(byte type, ReadOnlySpan<byte> content, int padding = 0);

    /// <summary>What the first record of <paramref name="bytes"/> holds: content and type.</summary>
    (byte Type, byte[] Content) Open(ref ReadOnlySpan<byte> bytes);

    /// <summary>The next key, if there is one.</summary>
    void Update();
}
