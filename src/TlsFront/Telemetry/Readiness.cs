namespace TlsFront.Telemetry;

/// <summary>What <c>/readyz</c> answers.</summary>
internal sealed class Readiness
{
    private volatile string _state = "starting";

    /// <summary>starting, ready or draining.</summary>
    public string State => _state;

    /// <summary>Whether new connections should be sent here.</summary>
    public bool IsReady => _state == "ready";

    /// <summary>Whether the gateway is on its way out.</summary>
    public bool IsDraining => _state == "draining";

    /// <summary>All listeners are bound.</summary>
    public void Ready() => _state = "ready";

    /// <summary>No new connections, please.</summary>
    public void Drain() => _state = "draining";
}
