namespace TlsFront.Configuration;

/// <summary>Values of one kind from outside the file: environment, or command line.</summary>
internal sealed class OverrideConfigurationSource(IEnumerable<SettingOverride> overrides) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new OverrideConfigurationProvider(overrides);
}
