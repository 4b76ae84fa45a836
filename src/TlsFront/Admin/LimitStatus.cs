namespace TlsFront.Admin;

/// <summary>Limits as they apply.</summary>
/// <param name="Connections">Most connections at once: <c>limits.connections</c>, or what the limit of open files allows.</param>
internal sealed record LimitStatus(int Connections);
