namespace TlsFront.Transport.Native;

/// <summary>What middlewares ask of a connection's loop: one bit each, because an idle connection should not own a queue.</summary>
[Flags]
internal enum ConnectionCommand
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Begin the handshake.</summary>
    Secure = 1,

    /// <summary>Run the session, or its goodbye.</summary>
    Run = 2,

    /// <summary>Go on with what runs: a signal was posted, or others had their turn.</summary>
    GoOn = 4,

    /// <summary>The deadline of the handshake passed.</summary>
    StopHandshake = 8,

    /// <summary>End the session at once.</summary>
    Abort = 16,

    /// <summary>Close the connection.</summary>
    Dispose = 32,

    /// <summary>Show the first bytes.</summary>
    Peek = 64,

    /// <summary>Show what there is of them.</summary>
    StopPeek = 128,

    /// <summary>Join the loop.</summary>
    Enter = 256,

    /// <summary>Look whether the client left.</summary>
    Watch = 512,

    /// <summary>Stop the session for another process.</summary>
    Freeze = 1024,

    /// <summary>Go on with the session that was stopped.</summary>
    Thaw = 2048,

    /// <summary>Drop the session that was stopped: the other process has it.</summary>
    Release = 4096,
}
