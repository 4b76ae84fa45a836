namespace TlsFront.SystemTests.Faults;

/// <summary>A server of a <see cref="FaultyService"/>, on a port of 127.0.0.1, and what may be done to it.</summary>
internal sealed class Server(string name, int port, Func<Task> kill, Func<Task> startAgain, Action stop, Action @continue)
{
    private int _faults;
    private int _sessions;

    /// <summary>Its greeting has it as a word, so that a client knows where it is.</summary>
    public string Name => name;

    /// <summary>How its destination is written in metrics and in the log.</summary>
    public string Destination => $"127.0.0.1:{port}";

    /// <summary>How often it was killed: a session that began before the last time may end, any other one may not.</summary>
    public int Faults => Volatile.Read(ref _faults);

    /// <summary>Logged-in sessions of this run it has now.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    /// <summary>A session logged in.</summary>
    public void Enter() => Interlocked.Increment(ref _sessions);

    /// <summary>It ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _sessions);

    /// <summary>Ends it as a crash would.</summary>
    public Task KillAsync()
    {
        Interlocked.Increment(ref _faults);
        return kill();
    }

    /// <summary>Starts it again.</summary>
    public Task StartAgainAsync() => startAgain();

    /// <summary>Hangs it; the kernel goes on accepting connections for it.</summary>
    public void Stop() => stop();

    /// <summary>Ends that.</summary>
    public void Continue() => @continue();
}
