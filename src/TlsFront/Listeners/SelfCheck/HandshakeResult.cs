namespace TlsFront.Listeners.SelfCheck;

/// <summary>How a handshake with ourselves went.</summary>
/// <param name="Chain">What was presented; null if nothing was.</param>
/// <param name="Failure">Why clients cannot connect either, in words; null if they can, or if nothing can be said.</param>
internal readonly record struct HandshakeResult(PresentedChain? Chain, string? Failure)
{
    /// <summary>It was no time for it: the machine is short of something, or too busy.</summary>
    public static readonly HandshakeResult Skipped;
}
