namespace TlsFront.Telemetry;

/// <summary>Whether the gateway should get clients: what <c>/readyz</c> answers. Goes from starting to ready to draining and never back.</summary>
internal sealed class Readiness
{
    private const string Starting = "starting";
    private const string Serving = "ready";
    private const string Draining = "draining";

    private volatile string _state = Starting;

    /// <summary>starting, ready or draining.</summary>
    public string State => _state;

    /// <summary>Whether new connections should be sent here.</summary>
    public bool IsReady => _state == Serving;

    /// <summary>Whether the gateway is on its way out.</summary>
    public bool IsDraining => _state == Draining;

    /// <summary>All listeners are bound. A drain that began meanwhile stands.</summary>
    public void Ready() => Interlocked.CompareExchange(ref _state, Serving, Starting);

    /// <summary>No new connections, please.</summary>
    public void Drain() => _state = Draining;
}
