namespace TlsFront.Admin;

/// <summary>A destination of a backend.</summary>
/// <param name="Address">Its <c>host:port</c> as configured.</param>
/// <param name="Health">healthy, unhealthy, or unknown before the first probe and where there are none.</param>
/// <param name="Trouble">Why it is unhealthy; null if it is not.</param>
/// <param name="Sessions">Sessions it has now, those that are connecting included.</param>
/// <param name="Drained">Whether an operator wants it to get no more.</param>
/// <param name="EjectedUntil">When sessions that failed took it away, the time it comes back; null if they did not.</param>
/// <param name="LastProbe">The last probe; null before the first.</param>
internal sealed record DestinationStatus(
    string Address, string Health, string? Trouble, int Sessions, bool Drained, DateTimeOffset? EjectedUntil, ProbeStatus? LastProbe);
