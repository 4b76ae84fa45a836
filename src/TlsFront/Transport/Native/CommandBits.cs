namespace TlsFront.Transport.Native;

/// <summary>Commands left for a loop. Any thread adds, the loop takes them all.</summary>
internal struct CommandBits
{
    private int _bits;

    /// <summary>Adds one; true if there were none, so that the loop is to be told.</summary>
    public bool Add(ConnectionCommand command) => Interlocked.Or(ref _bits, (int)command) == 0;

    /// <summary>Takes all.</summary>
    public ConnectionCommand Take() => (ConnectionCommand)Interlocked.Exchange(ref _bits, 0);
}
