namespace TlsFront.Configuration;

/// <summary>Something wrong with the settings, told so that an operator can mend it without reading anything else.</summary>
/// <param name="Severity">Whether the settings can be used nevertheless.</param>
/// <param name="Origin">Where to look.</param>
/// <param name="Setting">The setting as <c>--set</c> takes it, such as <c>listeners.0.address</c>; empty for the file as a whole.</param>
/// <param name="Value">What was written, or null where something is missing.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to write instead.</param>
internal sealed record Problem(Severity Severity, Origin Origin, string Setting, string? Value, string Message, string Remedy);
