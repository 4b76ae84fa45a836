using TlsFront.Configuration;

namespace TlsFront.Cli;

/// <summary>A <see cref="Problem"/> in JSON.</summary>
/// <param name="Severity">"error", "warning" or "note".</param>
/// <param name="Source">File, environment variable or <c>--set</c>.</param>
/// <param name="Line">Line in the file, or null.</param>
/// <param name="Setting">The setting, or "" for the file as a whole.</param>
/// <param name="Value">What was written, or null.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record CheckConfigProblem(Severity Severity, string Source, int? Line, string Setting, string? Value, string Message, string Remedy);
