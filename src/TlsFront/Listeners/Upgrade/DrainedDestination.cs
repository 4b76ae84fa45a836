namespace TlsFront.Listeners.Upgrade;

/// <summary>A destination that gets no new sessions, by an operator's will.</summary>
/// <param name="Backend">Name of its backend.</param>
/// <param name="Address">As configured.</param>
internal sealed record DrainedDestination(string Backend, string Address);
