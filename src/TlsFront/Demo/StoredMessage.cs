namespace TlsFront.Demo;

/// <summary>One message of the demo store. Everything but the flags is fixed; flags change under the store's lock.</summary>
/// <param name="uid">Ascending within the folder, never used again.</param>
/// <param name="content">Header and body, every line ended by CRLF.</param>
/// <param name="received">Time of arrival, IMAP's INTERNALDATE.</param>
/// <param name="flags">Flags it is born with.</param>
internal sealed class StoredMessage(uint uid, ReadOnlyMemory<byte> content, DateTimeOffset received, MessageFlags flags)
{
    private volatile MessageFlags _flags = flags;

    public uint Uid => uid;

    public ReadOnlyMemory<byte> Content => content;

    public DateTimeOffset Received => received;

    public MessageFlags Flags
    {
        get => _flags;
        set => _flags = value;
    }
}
