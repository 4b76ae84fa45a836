using TlsFront.Routing;

namespace TlsFront.Listeners.Upgrade;

/// <summary>What operators decided while the gateway ran, which an upgrade must not undo.</summary>
/// <param name="Users">Holds and moves.</param>
/// <param name="Drained">Destinations that get no new sessions.</param>
internal sealed record Decisions(IReadOnlyList<UserOverride> Users, IReadOnlyList<DrainedDestination> Drained);
