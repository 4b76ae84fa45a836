namespace TlsFront.Admin.Live;

/// <summary>A probe that failed.</summary>
/// <param name="Index">Its place in the list, from 0.</param>
/// <param name="At">When it ended.</param>
/// <param name="Result">The kind of failure as <c>tlsfront.backend.probe.failures</c> has it.</param>
/// <param name="Detail">The failure in words; what the server said may be in it.</param>
internal sealed record LiveProbeFailure(int Index, DateTimeOffset At, string Result, string Detail);
