namespace TlsFront.Admin.Live;

/// <summary>Event <c>probes</c>: the last probes of a destination, oldest first.</summary>
/// <param name="Backend">Name of its backend.</param>
/// <param name="Destination">Its <c>host:port</c> as configured.</param>
/// <param name="From">When the first of them ended; null if there is none.</param>
/// <param name="Milliseconds">How long each took.</param>
/// <param name="Failures">Those that failed.</param>
internal sealed record LiveProbes(
    string Backend, string Destination, DateTimeOffset? From, IReadOnlyList<double> Milliseconds, IReadOnlyList<LiveProbeFailure> Failures);
