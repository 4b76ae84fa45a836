using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary><c>native</c>.</summary>
internal static class NativeSchema
{
    private static readonly Setting<NativeSettings, string?> OpenSsl = new("openssl", new PathType("folder")!,
        static native => native.OpenSsl, static (native, value) => native with { OpenSsl = value },
        "Folder with `libssl.so.3` and `libcrypto.so.3` of another OpenSSL 3, used instead of the system's by the whole process. "
        + "The system's security updates do not reach it: update it yourself.")
    { IsCold = true, DefaultWords = "the system's OpenSSL" };

    public static readonly SettingsSection<NativeSettings> Section = new("native", "The native engine. The managed one ignores this section.", new(),
        OpenSsl,
        new Setting<NativeSettings, int>("loops", new CountType(1, 1024),
            static native => native.Loops, static (native, value) => native with { Loops = value },
            "Event loops, each a thread.")
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
        { IsCold = true })
    { Check = Check };

    private static void Check(SettingsScope scope, NativeSettings settings)
    {
        if (settings.OpenSsl is not { } folder)
        {
            return;
        }

        foreach (var library in (ReadOnlySpan<string>)[NativeSettings.CryptoLibrary, NativeSettings.SslLibrary])
        {
            if (!File.Exists(Path.Combine(folder, library)))
            {
                scope.Fail(OpenSsl, PathType.Missing(Path.Combine(folder, library), "library"));
                return;
            }
        }
    }
}
