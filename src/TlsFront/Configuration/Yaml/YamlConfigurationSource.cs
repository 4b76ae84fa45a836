namespace TlsFront.Configuration.Yaml;

/// <summary>The YAML file as a source of configuration keys such as <c>listeners:0:name</c>.</summary>
internal sealed class YamlConfigurationSource(SettingsFile file) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new YamlConfigurationProvider(file);
}
