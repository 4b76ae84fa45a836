using TlsFront.Connections;

namespace TlsFront.Telemetry.Recent;

/// <summary>A way in which connections ended that was not what they were opened for.</summary>
/// <param name="Reason">Which.</param>
/// <param name="Recent">How many within the window.</param>
/// <param name="Total">How many since the start.</param>
/// <param name="Last">When the last one did.</param>
internal sealed record RecentFailure(CloseReason Reason, int Recent, long Total, DateTimeOffset Last);
