using TlsFront.Configuration;

namespace TlsFront.Routing;

/// <summary>What the routes of a listener say of one user, one domain, or everybody.</summary>
/// <param name="Named">For clients that ask for certain server names.</param>
/// <param name="Unnamed">For all others; null if there is none.</param>
internal sealed record KeyRoutes(ServerNameTable<UserRoute> Named, UserRoute? Unnamed);
