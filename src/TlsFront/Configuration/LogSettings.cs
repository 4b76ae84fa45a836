namespace TlsFront.Configuration;

/// <summary>Log output, on standard output.</summary>
/// <param name="Format">Text lines, or one JSON object a line.</param>
/// <param name="Level">Lowest level written. Cold.</param>
internal sealed record LogSettings(LogFormat Format = LogFormat.Text, LogLevel Level = LogLevel.Information);
