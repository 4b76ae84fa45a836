namespace TlsFront.Configuration.Reading;

/// <summary>What was read of a route, with the places that its problems are reported at.</summary>
/// <param name="Scope">Its section.</param>
/// <param name="Settings">Its settings; the default stands in for what is wrong.</param>
/// <param name="Names">Its names.</param>
/// <param name="Users">Its users.</param>
/// <param name="Certificates">The sources of its own certificates that are there.</param>
internal sealed record RouteDraft(
    SettingsScope Scope, RouteSettings Settings, IReadOnlyList<Placed<string>> Names, IReadOnlyList<Placed<string>> Users,
    IReadOnlyList<Placed<CertificateSettings>> Certificates);
