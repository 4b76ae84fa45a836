namespace TlsFront.Configuration.Yaml;

/// <summary>Provides a file's keys, remembers their lines, and keeps what is wrong with its syntax instead of throwing it.</summary>
internal sealed class YamlConfigurationProvider(SettingsFile file) : ConfigurationProvider, IOriginTable
{
    private YamlContent? _content;

    /// <summary>What is wrong with the file as such.</summary>
    public IReadOnlyList<Problem> Problems => _content?.Problems ?? [];

    /// <summary>Whether the whole file was understood, so that what is missing from the keys is missing from the file.</summary>
    public bool IsComplete => _content is { IsComplete: true };

    /// <summary>How many keys there are.</summary>
    public int Count => Data.Count;

    public override void Load()
    {
        _content = YamlContent.Read(file);
        Data = _content.Values;
    }

    public Origin? Find(string key) =>
        _content is not null && _content.Lines.TryGetValue(key, out var line) ? new(file.Path, line) : null;
}
