namespace TlsFront.Configuration;

/// <summary>What was read of a listener, with the places to complain about it and its routes.</summary>
/// <param name="Scope">Its section.</param>
/// <param name="Settings">Its settings; the default stands in for what is wrong.</param>
/// <param name="Routes">Its routes.</param>
internal sealed record ListenerDraft(SettingsScope Scope, ListenerSettings Settings, IReadOnlyList<RouteDraft> Routes);
