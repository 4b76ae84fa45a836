namespace TlsFront.Configuration.Schema;

/// <summary><c>native</c>.</summary>
internal static class NativeSchema
{
    private static readonly NativeSettings Defaults = new();

    public static readonly Setting<int> Loops = new("loops", new CountType(1, 1024),
        "Event loops of the native engine, each a thread; this section means nothing to the managed one.")
    { Default = Defaults.Loops, DefaultWords = "one per processor", IsCold = true };

    public static readonly Setting<int> Buffer = new("buffer", new SizeType(16 * 1024, 1024 * 1024),
        "Most bytes each way that a session holds for a peer that takes nothing.")
    { Default = Defaults.Buffer, IsCold = true };

    public static readonly Setting<int> Backlog = new("backlog", new CountType(1, ushort.MaxValue),
        "Connections the kernel may queue for accept on each loop; it allows no more than `net.core.somaxconn`.")
    { Default = Defaults.Backlog, IsCold = true };

    // The kernel takes at most 32767 s.
    public static readonly Setting<TimeSpan> KeepAlive = new("keepAlive", new DurationType(TimeSpan.FromSeconds(1), TimeSpan.FromHours(9)),
        "Silence after which the kernel asks whether a peer is still there.")
    { Default = Defaults.KeepAlive, IsCold = true };

    public static readonly Setting<TimeSpan> UserTimeout = new("userTimeout", new DurationType(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)),
        "How long sent bytes may stay unacknowledged before the connection counts as lost.")
    { Default = Defaults.UserTimeout, IsCold = true };

    public static readonly Setting<int> HandshakesPerTurn = new("handshakesPerTurn", new CountType(1, 1000),
        "Steps of handshakes a loop does before it looks after its sessions again.")
    { Default = Defaults.HandshakesPerTurn, IsCold = true };

    public static readonly SettingsSection Section = new("native", "The native engine.",
        Loops, Buffer, Backlog, KeepAlive, UserTimeout, HandshakesPerTurn);
}
