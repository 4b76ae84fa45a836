namespace TlsFront.Configuration;

/// <summary>Orderly shutdown on SIGTERM.</summary>
/// <param name="Delay">How long connections are still accepted after readiness went away. Defaults to 15 s: load balancers and
/// Kubernetes endpoints take that long to notice.</param>
/// <param name="Timeout">How long sessions may take to end after that. Defaults to 2 min.</param>
internal sealed record DrainSettings(TimeSpan Delay, TimeSpan Timeout)
{
    /// <summary>The defaults.</summary>
    public DrainSettings()
        : this(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2))
    {
    }
}
