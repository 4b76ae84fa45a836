namespace TlsFront.Configuration;

/// <summary>How a new process takes the gateway's place.</summary>
/// <param name="Timeout">
/// How long the new process may take to start, and later to answer. Defaults to 1 min: reading certificates and user maps, and the first probes, take
/// seconds.
/// </param>
/// <param name="IsAutomatic">
/// Whether a program file that was replaced takes over by itself: at a reload, and when its package is upgraded. Defaults to true: sessions go on,
/// which they do not at a restart.
/// </param>
internal sealed record UpgradeSettings(TimeSpan Timeout, bool IsAutomatic)
{
    /// <summary>The defaults.</summary>
    public UpgradeSettings()
        : this(TimeSpan.FromMinutes(1), IsAutomatic: true)
    {
    }
}
