namespace TlsFront.Admin;

/// <summary>The drain that ends the process.</summary>
/// <param name="Began">When it began.</param>
/// <param name="AcceptingUntil">Until when connections are accepted: <c>drain.delay</c>.</param>
/// <param name="Until">When what is left then is ended: <c>drain.timeout</c> later.</param>
/// <param name="Connections">Connections of clients at its beginning.</param>
internal sealed record DrainProgress(DateTimeOffset Began, DateTimeOffset AcceptingUntil, DateTimeOffset Until, int Connections);
