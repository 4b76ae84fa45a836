using TlsFront.Configuration;
using TlsFront.Tls;

namespace TlsFront.Transport.Native;

/// <summary>Settings of the native engine.</summary>
internal sealed record NativeEngineOptions
{
    /// <summary>Event loops, each a thread. Defaults to one per processor.</summary>
    public int Loops { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes per direction a session may hold for a peer that takes none. Defaults to 64 KB.</summary>
    public int BufferBytes { get; init; } = 64 * 1024;

    /// <summary>Connections the kernel may queue for accept on each loop. Defaults to 4096: a reconnect storm should wait there, not be refused.</summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>Silence after which the kernel probes a peer, every minute then. Defaults to 2 min.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long sent bytes may stay unacknowledged before the connection counts as lost. Defaults to 2 min.</summary>
    public TimeSpan UserTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Steps of handshakes in one turn of a loop. Defaults to 4: a step costs up to half a millisecond of processor; more of them per turn would be felt by
    /// live sessions.
    /// </summary>
    public int HandshakesPerTurn { get; init; } = 4;

    /// <summary>Session ticket keys from files; while it has none, the engine makes keys of its own, for this process alone.</summary>
    public TicketKeyStore? TicketKeys { get; init; }

    /// <summary>The options an operator's settings ask for.</summary>
    public static NativeEngineOptions From(NativeSettings settings, TicketKeyStore? ticketKeys = null) => new()
    {
        Loops = settings.Loops,
        BufferBytes = settings.Buffer,
        Backlog = settings.Backlog,
        KeepAlive = settings.KeepAlive,
        UserTimeout = settings.UserTimeout,
        HandshakesPerTurn = settings.HandshakesPerTurn,
        TicketKeys = ticketKeys,
    };
}
