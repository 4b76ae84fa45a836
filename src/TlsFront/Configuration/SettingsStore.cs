namespace TlsFront.Configuration;

/// <summary>
/// Holds the snapshot in force. Reading is one volatile read; a connection reads once, at accept, and keeps what it got.
/// </summary>
/// <param name="initial">The settings the gateway starts with.</param>
internal sealed class SettingsStore(GatewaySettings initial)
{
    private volatile GatewaySettings _current = initial;

    /// <summary>Raised after the swap with the old and the new snapshot, one replacement at a time.</summary>
    public event Action<GatewaySettings, GatewaySettings>? Changed;

    /// <summary>The snapshot in force.</summary>
    public GatewaySettings Current => _current;

    /// <summary>Puts a validated snapshot in force. Calls must not overlap.</summary>
    public void Replace(GatewaySettings settings)
    {
        var old = _current;
        _current = settings;
        Changed?.Invoke(old, settings);
    }
}
