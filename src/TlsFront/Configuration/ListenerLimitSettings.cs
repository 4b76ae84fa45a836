namespace TlsFront.Configuration;

/// <summary>How much of the gateway one listener may take.</summary>
internal sealed record ListenerLimitSettings
{
    /// <summary>
    /// Most connections at once; null (default) for no limit of its own: how much each listener may take is for the operator to know.
    /// </summary>
    public int? Connections { get; init; }
}
