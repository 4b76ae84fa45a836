using TlsFront.Connections;

namespace TlsFront.Telemetry.Recent;

/// <summary>A way in which connections failed, on its way to another process.</summary>
/// <param name="Reason">Which.</param>
/// <param name="Counts">How many in the steps that are remembered, the running one last.</param>
/// <param name="Total">How many since the start.</param>
/// <param name="Last">When the last one did.</param>
internal sealed record FailureSnapshot(CloseReason Reason, IReadOnlyList<int> Counts, long Total, DateTimeOffset Last);
