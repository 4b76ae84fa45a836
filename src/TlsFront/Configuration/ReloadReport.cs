namespace TlsFront.Configuration;

/// <summary>What came of one attempt to reload the settings.</summary>
/// <param name="At">When.</param>
/// <param name="Succeeded">Whether they are in force; if not, those of before are.</param>
/// <param name="Changes">What changed, as <see cref="SettingsDifference"/> names it.</param>
/// <param name="NeedsRestart">What the file says that a running gateway cannot change.</param>
/// <param name="Problems">Errors and warnings.</param>
internal sealed record ReloadReport(
    DateTimeOffset At, bool Succeeded, IReadOnlyList<string> Changes, IReadOnlyList<string> NeedsRestart, IReadOnlyList<Problem> Problems);
