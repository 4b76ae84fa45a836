namespace TlsFront.Configuration;

/// <summary>What was read of a route, with the places to complain about it.</summary>
/// <param name="Scope">Its section.</param>
/// <param name="Settings">Its settings; the default stands in for what is wrong.</param>
/// <param name="Names">Its names.</param>
/// <param name="Certificates">The sources of its own certificates that are there.</param>
internal sealed record RouteDraft(SettingsScope Scope, RouteSettings Settings, IReadOnlyList<Placed<string>> Names, IReadOnlyList<Placed<CertificateSettings>> Certificates);
