namespace TlsFront.Configuration;

/// <summary>What became of one attempt to read the settings.</summary>
/// <param name="Settings">The settings; null if there is any error.</param>
/// <param name="Problems">Errors and warnings, in the order of the file.</param>
internal sealed record SettingsResult(GatewaySettings? Settings, IReadOnlyList<Problem> Problems)
{
    /// <summary>Where a setting, such as <c>listeners.0.address</c>, was written; null if nowhere. For what is found wrong with it later.</summary>
    public Func<string, Origin?> OriginOf { get; init; } = static _ => null;
}
