using TlsFront.Connections;

namespace TlsFront.Routing;

/// <summary>Where a user's sessions go.</summary>
/// <param name="Backend">Name of the backend.</param>
/// <param name="Destination">The only one of its destinations that will do, as configured; null for any.</param>
/// <param name="By">What says so.</param>
/// <param name="Source">
/// The same for logs, in words: a pattern of the settings, such as <c>routes[2].users "*@example.org"</c>, or the path of the user map.
/// </param>
internal sealed record UserRoute(string Backend, string? Destination, RoutedBy By, string Source);
