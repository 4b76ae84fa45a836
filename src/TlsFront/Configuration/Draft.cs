namespace TlsFront.Configuration;

/// <summary>What was read of one list entry, with the place to complain about it.</summary>
/// <param name="Scope">Its section.</param>
/// <param name="Settings">Its settings; the default stands in for what is wrong.</param>
internal sealed record Draft<T>(SettingsScope Scope, T Settings);
