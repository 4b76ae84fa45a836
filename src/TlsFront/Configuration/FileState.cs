namespace TlsFront.Configuration;

/// <summary>A file that a setting points to, as it was last read.</summary>
/// <param name="Path">The file.</param>
/// <param name="Version">Equal as long as the file is the same; compared and never shown.</param>
/// <param name="Problem">Why it cannot be used, in one line; what it held before is used then. Null if it can.</param>
internal readonly record struct FileState(string Path, object Version, string? Problem);
