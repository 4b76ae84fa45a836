namespace TlsFront.Configuration;

/// <summary>What an operator may tell the native engine; without effect on the managed one. Cold.</summary>
internal sealed record NativeSettings
{
    /// <summary>File name of OpenSSL's TLS.</summary>
    public const string SslLibrary = "libssl.so.3";

    /// <summary>File name of OpenSSL's cryptography.</summary>
    public const string CryptoLibrary = "libcrypto.so.3";

    /// <summary>
    /// Folder of <see cref="SslLibrary"/> and <see cref="CryptoLibrary"/>. Defaults to none: the system's, which the distribution keeps up to date.
    /// </summary>
    public string? OpenSsl { get; init; }

    /// <summary>Event loops, each a thread. Defaults to one per processor.</summary>
    public int Loops { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes each way a session may hold for a peer that takes nothing. Defaults to 64 KB: four full TLS records.</summary>
    public int Buffer { get; init; } = 64 * 1024;

    /// <summary>
    /// Connections the kernel may queue for accept on each loop. Defaults to 4096: a reconnect storm should wait there, not be refused.
    /// </summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>Silence after which the kernel probes a peer. Defaults to 2 min, less than the state of most NATs lasts.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long sent bytes may stay unacknowledged before the connection counts as lost. Defaults to 2 min.</summary>
    public TimeSpan UserTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Steps of handshakes a loop does between two looks at its sessions. Defaults to 4: a step costs up to half a millisecond of processor, and more
    /// of them would be felt by live sessions in a reconnect storm.
    /// </summary>
    public int HandshakesPerTurn { get; init; } = 4;
}
