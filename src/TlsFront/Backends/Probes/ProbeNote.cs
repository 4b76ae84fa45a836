namespace TlsFront.Backends.Probes;

/// <summary>A probe that ended.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Result">How it ended.</param>
internal sealed record ProbeNote(DateTimeOffset At, TimeSpan Elapsed, ProbeResult Result);
