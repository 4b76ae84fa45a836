namespace TlsFront.Configuration.Reading;

/// <summary>What was read of one list entry, with the place that its problems are reported at.</summary>
/// <param name="Scope">Its section.</param>
/// <param name="Settings">Its settings; the default stands in for what is wrong.</param>
internal sealed record Draft<T>(SettingsScope Scope, T Settings);
