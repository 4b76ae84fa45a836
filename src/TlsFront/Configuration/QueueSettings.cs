namespace TlsFront.Configuration;

/// <summary>Where sessions wait while all permitted destinations are at <c>maxSessions</c>.</summary>
/// <param name="Length">Sessions that may wait. Defaults to 100: more could hardly be served within the time.</param>
/// <param name="Timeout">How long each may. Defaults to 3 s: a client waits that long without a thought,
/// and there is time left of the connect budget.</param>
internal sealed record QueueSettings(int Length, TimeSpan Timeout)
{
    /// <summary>The defaults.</summary>
    public QueueSettings()
        : this(100, TimeSpan.FromSeconds(3))
    {
    }
}
