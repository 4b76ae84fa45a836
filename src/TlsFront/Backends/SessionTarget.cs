using TlsFront.Configuration;

namespace TlsFront.Backends;

/// <summary>Where a session is to go, as far as its login decided that.</summary>
/// <param name="Backend">Its backend.</param>
/// <param name="Destination">The one destination it may go to, <c>host:port</c> as configured; null: any of the backend.</param>
/// <param name="User">Canonical name of its user, in lower case; null: not known.</param>
internal sealed record SessionTarget(BackendSettings Backend, string? Destination = null, string? User = null)
{
    /// <summary>Whether its user decides among the destinations, and not the load balancing.</summary>
    public bool IsSticky => Backend.Stickiness == Stickiness.User && User is not null;

    /// <summary>Whether it may go to <paramref name="destination"/>, a destination of its backend. The case of host names does not count.</summary>
    public bool Allows(string destination) => Destination is null || string.Equals(Destination, destination, StringComparison.OrdinalIgnoreCase);
}
