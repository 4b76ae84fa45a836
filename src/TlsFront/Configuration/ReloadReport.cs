namespace TlsFront.Configuration;

/// <summary>What came of one attempt to reload the settings.</summary>
/// <param name="At">When.</param>
/// <param name="Succeeded">
/// Whether they are in force everywhere. If not, the previous ones are, unless there are <paramref name="Changes"/>: then they are in force but for
/// the parts of the gateway that <paramref name="Problems"/> names, which failed to take them over.
/// </param>
/// <param name="Changes">What changed, as <c>--set</c> would name it, but with a name for a number, and the files that were read again.</param>
/// <param name="NeedsRestart">What the file says that a running gateway cannot change.</param>
/// <param name="Problems">Errors and warnings.</param>
internal sealed record ReloadReport(
    DateTimeOffset At, bool Succeeded, IReadOnlyList<string> Changes, IReadOnlyList<string> NeedsRestart, IReadOnlyList<Problem> Problems);
