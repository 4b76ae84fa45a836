namespace TlsFront.Configuration;

/// <summary>Provides overriding values; a later one for the same key wins.</summary>
internal sealed class OverrideConfigurationProvider : ConfigurationProvider, IOriginTable
{
    private readonly Dictionary<string, Origin> _origins = new(StringComparer.OrdinalIgnoreCase);

    public OverrideConfigurationProvider(IEnumerable<SettingOverride> overrides)
    {
        foreach (var (key, value, source) in overrides)
        {
            Data[key] = value;
            _origins[key] = new(source);
        }
    }

    public Origin? Find(string key) => _origins.TryGetValue(key, out var origin) ? origin : null;
}
