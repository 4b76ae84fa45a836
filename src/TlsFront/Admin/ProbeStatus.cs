namespace TlsFront.Admin;

/// <summary>A probe that ended.</summary>
/// <param name="At">When.</param>
/// <param name="Result">good, or the kind of failure as <c>tlsfront.backend.probe.failures</c> has it.</param>
/// <param name="Detail">The failure in words; null if it was good.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record ProbeStatus(DateTimeOffset At, string Result, string? Detail, double Milliseconds);
