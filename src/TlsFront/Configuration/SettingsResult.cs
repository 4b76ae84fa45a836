namespace TlsFront.Configuration;

/// <summary>What became of one attempt to read the settings.</summary>
/// <param name="Settings">The settings; null if there is any error.</param>
/// <param name="Problems">Errors and warnings, in the order of the file.</param>
internal sealed record SettingsResult(GatewaySettings? Settings, IReadOnlyList<Problem> Problems);
