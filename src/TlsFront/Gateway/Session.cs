using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Transport;

namespace TlsFront.Gateway;

/// <summary>A running session as operators and the drain see it.</summary>
internal sealed class Session(IMailTransport transport, MailMachine machine, ConnectionRecord record)
{
    private CancellationTokenSource? _drain;
    private int _isDrained;

    /// <summary>What is known of it.</summary>
    public ConnectionRecord Record => record;

    /// <summary>Whether its bytes pass unread, so that no goodbye of the protocol can be said. Read from other threads: a hint.</summary>
    public bool IsTransparent => machine.Phase == Phase.Relay;

    /// <summary>
    /// Whether a move to another process is worth a try: transparent, or at a point that its machine can be continued from. A hint, as above.
    /// </summary>
    public bool IsMovable => IsTransparent || machine.IsMovable;

    /// <summary>Whether it was asked to end.</summary>
    public bool IsEnding => Volatile.Read(ref _isDrained) != 0;

    /// <summary>Set when it is asked to end, for who waits on its behalf: its machine hears nothing meanwhile. Made for those who ask.</summary>
    public CancellationToken DrainRequested
    {
        get
        {
            var drain = LazyInitializer.EnsureInitialized(ref _drain);
            // Either the one who asks it to end sees the source, or its wish is seen here.
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _isDrained) != 0)
            {
                drain.Cancel();
            }

            return drain.Token;
        }
    }

    /// <summary>Stops it so that it can go to another process; null if it cannot, or not now.</summary>
    public ValueTask<IFrozenSession?> FreezeAsync() => transport.FreezeAsync();

    /// <summary>Asks it to end politely. Also after it ended.</summary>
    public void Drain()
    {
        // Once: a session that is connected takes no signals meanwhile, and has room for a few.
        if (Interlocked.Exchange(ref _isDrained, 1) != 0)
        {
            return;
        }

        transport.Post(Signal.Drain);
        // Who waits goes on elsewhere, and not within what the caller holds.
        _ = Volatile.Read(ref _drain)?.CancelAsync();
    }
}
