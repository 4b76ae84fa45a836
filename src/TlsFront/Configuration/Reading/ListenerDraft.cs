namespace TlsFront.Configuration.Reading;

/// <summary>What was read of a listener, with the places that problems of it and its routes are reported at.</summary>
/// <param name="Scope">Its section.</param>
/// <param name="Settings">Its settings; the default stands in for what is wrong.</param>
/// <param name="Routes">Its routes.</param>
/// <param name="Certificates">The sources of its own certificates that are there.</param>
internal sealed record ListenerDraft(
    SettingsScope Scope, ListenerSettings Settings, IReadOnlyList<RouteDraft> Routes, IReadOnlyList<Placed<CertificateSettings>> Certificates);
