namespace TlsFront.Admin;

/// <summary>A backend.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">The configured product.</param>
/// <param name="Queued">Sessions that wait for a place.</param>
/// <param name="Destinations">Its servers, in the order of the configuration.</param>
/// <param name="Ending">In the answer to a drain that ends sessions, how many; otherwise null.</param>
internal sealed record BackendStatus(string Name, string Kind, int Queued, IReadOnlyList<DestinationStatus> Destinations, int? Ending = null);
