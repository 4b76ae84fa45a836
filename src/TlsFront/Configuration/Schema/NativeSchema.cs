namespace TlsFront.Configuration.Schema;

/// <summary><c>native</c>.</summary>
internal static class NativeSchema
{
    public static readonly SettingsSection<NativeSettings> Section = new("native", "The native engine.", new(),
        new Setting<NativeSettings, int>("loops", new CountType(1, 1024),
            static native => native.Loops, static (native, value) => native with { Loops = value },
            "Event loops of the native engine, each a thread; this section means nothing to the managed one.")
        { DefaultWords = "one per processor", IsCold = true },
        new Setting<NativeSettings, int>("buffer", new SizeType(16 * 1024, 1024 * 1024),
            static native => native.Buffer, static (native, value) => native with { Buffer = value },
            "Most bytes each way that a session holds for a peer that takes nothing.")
        { IsCold = true },
        new Setting<NativeSettings, int>("backlog", new CountType(1, ushort.MaxValue),
            static native => native.Backlog, static (native, value) => native with { Backlog = value },
            "Connections the kernel may queue for accept on each loop; it allows no more than `net.core.somaxconn`.")
        { IsCold = true },
        // The kernel takes at most 32767 s.
        new Setting<NativeSettings, TimeSpan>("keepAlive", new DurationType(TimeSpan.FromSeconds(1), TimeSpan.FromHours(9)),
            static native => native.KeepAlive, static (native, value) => native with { KeepAlive = value },
            "Silence after which the kernel asks whether a peer is still there.")
        { IsCold = true },
        new Setting<NativeSettings, TimeSpan>("userTimeout", new DurationType(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)),
            static native => native.UserTimeout, static (native, value) => native with { UserTimeout = value },
            "How long sent bytes may stay unacknowledged before the connection counts as lost.")
        { IsCold = true },
        new Setting<NativeSettings, int>("handshakesPerTurn", new CountType(1, 1000),
            static native => native.HandshakesPerTurn, static (native, value) => native with { HandshakesPerTurn = value },
            "Steps of handshakes a loop does before it looks after its sessions again.")
        { IsCold = true });
}
