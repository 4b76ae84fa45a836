namespace TlsFront.Admin;

/// <summary>The configuration's file and what became of it.</summary>
/// <param name="File">Its path.</param>
/// <param name="LastReload">When it was last read while running; null if it was not since the start.</param>
/// <param name="Succeeded">Whether that went well. If not, the previous settings are in force, or, where there are changes, a part of the gateway
/// failed to take them over. Null before the first.</param>
/// <param name="Changes">What changed with it.</param>
/// <param name="NeedsRestart">What the file says that takes a restart.</param>
/// <param name="Problems">What was wrong with it, one line each. Only for those who may give commands: it shows values of the file.</param>
internal sealed record ConfigurationStatus(
    string File, DateTimeOffset? LastReload, bool? Succeeded, IReadOnlyList<string> Changes, IReadOnlyList<string> NeedsRestart,
    IReadOnlyList<string>? Problems);
