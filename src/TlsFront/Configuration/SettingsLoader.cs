using TlsFront.Configuration.Reading;
using TlsFront.Configuration.Schema;
using TlsFront.Configuration.Users;
using TlsFront.Configuration.Yaml;

namespace TlsFront.Configuration;

/// <summary>Reads settings from one file, overridden by the environment, overridden by the command line.</summary>
/// <param name="path">The file.</param>
/// <param name="environment">Values of the environment.</param>
/// <param name="arguments">Values of the command line.</param>
internal sealed class SettingsLoader(string path, IEnumerable<SettingOverride> environment, IEnumerable<SettingOverride> arguments)
{
    private readonly List<SettingOverride> _environment = [.. environment];
    private readonly List<SettingOverride> _arguments = [.. arguments];

    /// <summary>The listeners that were last read.</summary>
    private IReadOnlyList<ListenerSettings> _listeners = [];

    public string Path { get; } = path;

    /// <summary>The user maps that settings name, as they were last read.</summary>
    public UserMapCache UserMaps { get; } = new();

    /// <summary>Whether a user map was read since that names other backends than it did when the settings were last read.</summary>
    public bool IsOutdated => _listeners.Any(
        listener => listener.UserMap is { } path && UserMaps.BackendsOf(path) is { } now && !now.SequenceEqual(listener.MappedBackends));

    /// <summary>Reads the file as it is now.</summary>
    public SettingsResult Load() => Load(SettingsFile.Read(Path));

    /// <summary>Reads settings from a file read before.</summary>
    public SettingsResult Load(SettingsFile file)
    {
        var (root, yaml) = Build(file);
        var problems = new ProblemList();
        problems.AddSyntax(yaml.Problems);
        // What is missing from a file understood in part is no news.
        if (!yaml.IsComplete)
        {
            return new(null, problems.ToList());
        }

        var result = SettingsReader.Read(root, Path, problems, UserMaps);
        _listeners = result.Settings?.Listeners ?? [];
        return result;
    }

    /// <summary>
    /// The admin endpoint alone, or its default: asking a gateway for its health must work while its file is broken, because the gateway
    /// goes on with the last good one.
    /// </summary>
    public AdminSettings LoadAdmin()
    {
        var (root, _) = Build(SettingsFile.Read(Path));
        var scope = new SettingsScope(root, SettingsSchema.Root, new ProblemList(), Path);
        return AdminSchema.Section.Read(scope.Section(AdminSchema.Section), AdminSchema.Section.Defaults);
    }

    private (IConfigurationRoot Root, YamlConfigurationProvider Yaml) Build(SettingsFile file)
    {
        var root = new ConfigurationBuilder()
            .Add(new YamlConfigurationSource(file))
            .Add(new OverrideConfigurationSource(_environment))
            .Add(new OverrideConfigurationSource(_arguments))
            .Build();
        return (root, root.Providers.OfType<YamlConfigurationProvider>().Single());
    }
}
