namespace TlsFront.Benchmarks.Soak;

/// <summary>Another process took the gateway's place.</summary>
/// <param name="Moved">Sessions that it has taken over.</param>
/// <param name="Left">Connections that stayed where they were for now: handshakes, logins and messages under way.</param>
/// <param name="Pause">The longest time that a session was served by neither, in milliseconds.</param>
internal sealed record SoakedUpgrade(int Moved, int Left, double Pause);
