using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration.Reading;

/// <summary>
/// One section of the configuration while it is read: gives values of the right type or their defaults, and notes what is wrong with
/// the name, line and value at hand.
/// </summary>
internal sealed class SettingsScope
{
    private readonly IConfigurationRoot _root;
    private readonly SettingsSection _definition;
    private readonly ProblemList _problems;
    private readonly string _key;

    /// <summary>Where relative paths start from; null where no file may be named, because a stranger wrote the settings.</summary>
    private readonly string? _folder;

    /// <summary>Sections and lists read so far: what is wrong with them is told once, however many ask.</summary>
    private readonly Dictionary<object, object> _read = [];

    /// <summary>The whole configuration.</summary>
    /// <param name="root">File, environment and command line.</param>
    /// <param name="definition">The whole file's.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="file">The file; relative paths start from its folder.</param>
    public SettingsScope(IConfigurationRoot root, SettingsSection definition, ProblemList problems, string file)
        : this(root, definition, problems, "", new Origin(file), System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file)) ?? "/")
    {
    }

    private SettingsScope(IConfigurationRoot root, SettingsSection definition, ProblemList problems, string key, Origin origin, string? folder)
    {
        (_root, _definition, _problems, _key, Origin, _folder) = (root, definition, problems, key, origin, folder);
        NameUnknownKeys();
    }

    /// <summary>Settings from elsewhere than a configuration file: a value that names a file is an error, and nobody looks for the file.</summary>
    public static SettingsScope WithoutFiles(IConfigurationRoot root, ProblemList problems, string source) =>
        new(root, SettingsSchema.Root, problems, "", new Origin(source), folder: null);

    /// <summary>Where the section starts.</summary>
    public Origin Origin { get; }

    /// <summary>Whether something is written for <paramref name="setting"/>, be it wrong.</summary>
    public bool Has(Setting setting) => Exists(KeyOf(setting.Key));

    /// <summary>Whether something is written for <paramref name="section"/>, be it wrong.</summary>
    public bool Has(SettingsSection section) => Exists(KeyOf(section.Key));

    /// <summary>Whether something is written for <paramref name="setting"/>, and it is not wrong.</summary>
    public bool HasValid<T>(Setting<T> setting) =>
        _root[KeyOf(setting.Key)] is { } text && !string.IsNullOrWhiteSpace(text) && setting.Type.TryParse(text.Trim(), out _, out _);

    /// <summary>The value that is written; false if there is none, or it is wrong, which is noted, as is that a required one is missing.</summary>
    public bool TryRead<T>(Setting<T> setting, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        var key = KeyOf(setting.Key);
        if (!Exists(key))
        {
            if (setting.IsRequired)
            {
                _problems.Add(Severity.Error, Origin, Path(key), null, new("is missing", $"add it: {setting.Description}"));
            }

            return false;
        }

        if (!TryParse(key, setting.Type, out value))
        {
            return false;
        }

        if (setting.Advice?.Invoke(value) is { } advice)
        {
            Warn(setting, advice);
        }

        return true;
    }

    /// <summary>The valid ones of a list's values, each with its key. The list is there, or required.</summary>
    public IReadOnlyList<(string Key, T Value)> ReadList<T>(SettingList<T> setting)
    {
        if (_read.TryGetValue(setting, out var known))
        {
            return (IReadOnlyList<(string, T)>)known;
        }

        var values = new List<(string Key, T Value)>();
        var seen = setting.Unique is { } unique ? new HashSet<T>(unique) : null;
        foreach (var item in ItemKeys(KeyOf(setting.Key), setting.Description))
        {
            if (!TryParse(item, setting.Type, out var value))
            {
                continue;
            }

            if (seen?.Add(value) == false)
            {
                FailAt(item, new("is listed twice", "remove one of the two"));
                continue;
            }

            setting.Check?.Invoke(this, item, value);
            values.Add((item, value));
        }

        _read.Add(setting, values);
        return values;
    }

    /// <summary>The values of a list that may be absent, each with its place.</summary>
    public IReadOnlyList<Placed<T>> Places<T>(SettingList<T> setting) =>
        Has(setting) ? [.. ReadList(setting).Select(entry => PlaceAt(entry.Key, entry.Value))] : [];

    /// <summary>A section that stands once; absent, it is empty.</summary>
    public SettingsScope Section(SettingsSection section)
    {
        if (_read.TryGetValue(section, out var known))
        {
            return (SettingsScope)known;
        }

        var key = KeyOf(section.Key);
        if (_root[key] is { } text)
        {
            _problems.Add(
                Severity.Error, OriginOf(key), Path(key), text,
                new("is a group of settings and not a value", $"write {section.Key}: and below it, indented, {string.Join(", ", section.Keys)}"));
        }

        var scope = new SettingsScope(_root, section, _problems, key, OriginOf(key), _folder);
        _read.Add(section, scope);
        return scope;
    }

    /// <summary>The entries of a section that is a list; none is an error, unless it may be absent and is.</summary>
    public IReadOnlyList<SettingsScope> Items(SettingsSection section)
    {
        var scopes = new List<SettingsScope>();
        var key = KeyOf(section.Key);
        if (!section.IsRequired && !Has(section))
        {
            return scopes;
        }

        foreach (var item in ItemKeys(key, string.Join(", ", section.Keys)))
        {
            if (_root[item] is { } text)
            {
                _problems.Add(
                    Severity.Error, OriginOf(item), Path(item), text,
                    new("is a value where a group of settings belongs", $"write {string.Join(", ", section.Keys)} with their values"));
            }
            else
            {
                scopes.Add(new(_root, section, _problems, item, OriginOf(item), _folder));
            }
        }
        return scopes;
    }

    /// <summary>A value of this section with its place.</summary>
    public Placed<T> Place<T>(Setting setting, T value) => PlaceAt(KeyOf(setting.Key), value);

    /// <summary>A value by its key with its place.</summary>
    public Placed<T> PlaceAt<T>(string key, T value) => new(value, Path(key), OriginOf(key));

    /// <summary>Notes an error with a value of this section.</summary>
    public void Fail(Setting setting, ValueProblem problem) => FailAt(KeyOf(setting.Key), problem);

    /// <summary>Notes an error with a value by its key, such as one of <see cref="ReadList"/>.</summary>
    public void FailAt(string key, ValueProblem problem) => _problems.Add(Severity.Error, OriginOf(key), Path(key), _root[key], problem);

    /// <summary>Notes an error with one entry of a list, found by its text.</summary>
    public void FailEntry<T>(SettingList<T> setting, string text, ValueProblem problem)
    {
        var list = KeyOf(setting.Key);
        FailAt(_root.GetSection(list).GetChildren().FirstOrDefault(child => child.Value?.Trim() == text)?.Path ?? list, problem);
    }

    /// <summary>Notes an error in a file that a value of this section names.</summary>
    public void FailIn(Setting setting, string file, LineProblem problem) => FailIn(KeyOf(setting.Key), file, problem);

    /// <summary>Notes an error in a file that a value by its key names.</summary>
    public void FailIn(string key, string file, LineProblem problem) =>
        _problems.Add(
            Severity.Error, problem.Line is null ? OriginOf(key) : new(file, problem.Line), Path(key), problem.Text ?? _root[key], problem.Problem);

    /// <summary>Notes what is unwise about a value of this section.</summary>
    public void Warn(Setting setting, ValueProblem problem) => WarnAt(KeyOf(setting.Key), problem);

    /// <summary>Notes what is unwise about a value of this section, and shows <paramref name="value"/> in its place.</summary>
    public void Warn(Setting setting, ValueProblem problem, string value) =>
        _problems.Add(Severity.Warning, OriginOf(KeyOf(setting.Key)), Path(KeyOf(setting.Key)), value, problem);

    /// <summary>Notes which of <paramref name="settings"/> are written and mean nothing.</summary>
    public void WarnUseless(string why, string remedy, params IReadOnlyList<Setting> settings)
    {
        foreach (var setting in settings.Where(Has))
        {
            Warn(setting, new($"has no effect: {why}", remedy));
        }
    }

    /// <summary>Notes what is unwise about a value by its key.</summary>
    public void WarnAt(string key, ValueProblem problem) => _problems.Add(Severity.Warning, OriginOf(key), Path(key), _root[key], problem);

    private static string Path(string key) => key.Replace(':', '.');

    private bool TryParse<T>(string key, SettingType<T> type, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        var text = _root[key];
        if (text is null && _root.GetSection(key).GetChildren().Any())
        {
            FailAt(key, new("is one value and not a list or group", $"write one value: {type.Description}"));
        }
        else if (string.IsNullOrWhiteSpace(text))
        {
            FailAt(key, new("has no value", $"write one, or remove the line: {type.Description}"));
        }
        else if (!type.TryParse(text.Trim(), out value, out var problem))
        {
            FailAt(key, problem);
        }
        else if (_folder is not null)
        {
            value = type.Resolve(value, _folder);
            return true;
        }
        else if (type.FileOf(value) is null)
        {
            return true;
        }
        else
        {
            FailAt(key, new("names a file, and no file is read here", "write out what it lists"));
        }

        return false;
    }

    /// <summary>Keys of a list's entries; reports where there is no list.</summary>
    private List<string> ItemKeys(string key, string expected)
    {
        var items = new List<string>();
        if (_root[key] is { } text)
        {
            _problems.Add(
                Severity.Error, OriginOf(key), Path(key), text,
                new("is not a list", "begin each entry on its own line with \"- \", or put them in [ ]"));
            return items;
        }
        foreach (var child in _root.GetSection(key).GetChildren())
        {
            if (int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                items.Add(child.Path);
            }
            else
            {
                _problems.Add(
                    Severity.Error, OriginOf(child.Path), Path(child.Path), child.Value,
                    new(
                        $"is not an entry of the list {Path(key)}",
                        $"begin each entry with \"- \"; --set and environment number them from 0: {Path(key)}.0"));
                return items;
            }
        }
        if (items.Count == 0)
        {
            _problems.Add(
                Severity.Error, Exists(key) ? OriginOf(key) : Origin, Path(key), null, new("is missing", $"add at least one entry: {expected}"));
        }

        return items;
    }

    private void NameUnknownKeys()
    {
        foreach (var child in (_key.Length == 0 ? (IConfiguration)_root : _root.GetSection(_key)).GetChildren())
        {
            if (_problems.IsFull)
            {
                return;
            }

            if (_definition.Keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            var known = Nearest.Find(child.Key, _definition.Keys) ?? SettingsSchema.Root.PathsOf(child.Key).MinBy(path => path.Length);
            _problems.Add(Severity.Error, OriginOf(child.Path), Path(child.Path), child.Value,
                new("is not a setting", known is null ? $"known here: {string.Join(", ", _definition.Keys)}" : $"did you mean {known}?"));
        }
    }

    private string KeyOf(string key) => _key.Length == 0 ? key : $"{_key}:{key}";

    /// <summary>Written at all, be it without a value.</summary>
    private bool Exists(string key) => FindOrigin(key) is not null || _root.GetSection(key).Exists();

    private Origin OriginOf(string key) => FindOrigin(key) ?? FirstChildOrigin(key) ?? Origin;

    private Origin? FirstChildOrigin(string key) =>
        _root.GetSection(key)
            .GetChildren()
            .Select(child => FindOrigin(child.Path) ?? FirstChildOrigin(child.Path))
            .FirstOrDefault(origin => origin is not null);

    /// <summary>The last provider that has the key decides its value, so it is the one to name.</summary>
    private Origin? FindOrigin(string key) =>
        _root.Providers.Reverse().OfType<IOriginTable>().Select(table => table.Find(key)).FirstOrDefault(origin => origin is not null);
}
