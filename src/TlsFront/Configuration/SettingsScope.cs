using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

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

    /// <summary>The whole configuration.</summary>
    public SettingsScope(IConfigurationRoot root, SettingsSection definition, ProblemList problems, string file)
        : this(root, definition, problems, "", new Origin(file))
    {
    }

    private SettingsScope(IConfigurationRoot root, SettingsSection definition, ProblemList problems, string key, Origin origin)
    {
        (_root, _definition, _problems, _key, Origin) = (root, definition, problems, key, origin);
        NameUnknownKeys();
    }

    /// <summary>Where the section starts.</summary>
    public Origin Origin { get; }

    /// <summary>Whether something is written for <paramref name="setting"/>, be it wrong.</summary>
    public bool Has(Setting setting) => Exists(KeyOf(setting.Key));

    /// <summary>Whether something is written for <paramref name="section"/>, be it wrong.</summary>
    public bool Has(SettingsSection section) => Exists(KeyOf(section.Key));

    /// <summary>The value, or the default where there is none or it is wrong: null for a required reference that is noted as a problem.</summary>
    public T Read<T>(Setting<T> setting)
    {
        TryRead(setting, out var value);
        return value!;
    }

    /// <summary>False if the value is wrong, or required and missing; then <paramref name="value"/> is the default.</summary>
    public bool TryRead<T>(Setting<T> setting, [MaybeNull] out T value)
    {
        value = setting.Default;
        var key = KeyOf(setting.Key);
        if (!Exists(key))
        {
            if (setting.IsRequired)
            {
                _problems.Add(Severity.Error, Origin, Path(key), null, new("is missing", $"add it: {setting.Description}"));
            }

            return !setting.IsRequired;
        }
        if (!TryParse(key, setting.Type, out var parsed))
        {
            return false;
        }

        value = parsed;
        if (setting.Advice?.Invoke(parsed) is { } advice)
        {
            Warn(setting, advice);
        }

        return true;
    }

    /// <summary>The valid ones of a list's values, each with its key.</summary>
    public IReadOnlyList<(string Key, T Value)> ReadList<T>(SettingList<T> setting)
    {
        var key = KeyOf(setting.Key);
        var values = new List<(string, T)>();
        if (!setting.IsRequired && !Exists(key))
        {
            return values;
        }

        foreach (var item in ItemKeys(key, setting.Description))
        {
            if (TryParse(item, setting.Type, out var value))
            {
                values.Add((item, value));
            }
        }
        return values;
    }

    /// <summary>A section that stands once; absent, it is empty.</summary>
    public SettingsScope Section(SettingsSection section)
    {
        var key = KeyOf(section.Key);
        if (_root[key] is { } text)
        {
            _problems.Add(Severity.Error, OriginOf(key), Path(key), text, new("is a group of settings and not a value", $"write {section.Key}: and below it, indented, {string.Join(", ", section.Keys)}"));
        }

        return new(_root, section, _problems, key, OriginOf(key));
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
                _problems.Add(Severity.Error, OriginOf(item), Path(item), text, new("is a value where a group of settings belongs", $"write {string.Join(", ", section.Keys)} with their values"));
            }
            else
            {
                scopes.Add(new(_root, section, _problems, item, OriginOf(item)));
            }
        }
        return scopes;
    }

    /// <summary>A value of this section with its place.</summary>
    public Placed<T> Place<T>(Setting setting, T value) => PlaceAt(KeyOf(setting.Key), value);

    /// <summary>A value by its key with its place.</summary>
    public Placed<T> PlaceAt<T>(string key, T value) => new(value, Path(key), OriginOf(key));

    /// <summary>Notes an error with a value of this section.</summary>
    public void Fail(Setting setting, Complaint complaint) => FailAt(KeyOf(setting.Key), complaint);

    /// <summary>Notes an error with a value by its key, such as one of <see cref="ReadList"/>.</summary>
    public void FailAt(string key, Complaint complaint) => _problems.Add(Severity.Error, OriginOf(key), Path(key), _root[key], complaint);

    /// <summary>Notes an error with one entry of a list, found by its text.</summary>
    public void FailEntry<T>(SettingList<T> setting, string text, Complaint complaint)
    {
        var list = KeyOf(setting.Key);
        FailAt(_root.GetSection(list).GetChildren().FirstOrDefault(child => child.Value?.Trim() == text)?.Path ?? list, complaint);
    }

    /// <summary>Notes an error in a file that a value by its key names.</summary>
    public void FailIn(string key, string file, NetworkFileProblem problem) =>
        _problems.Add(Severity.Error, problem.Line is null ? OriginOf(key) : new(file, problem.Line), Path(key), problem.Text ?? _root[key], problem.Complaint);

    /// <summary>Notes what is unwise about a value of this section.</summary>
    public void Warn(Setting setting, Complaint complaint) => WarnAt(KeyOf(setting.Key), complaint);

    /// <summary>Notes what is unwise about a value by its key.</summary>
    public void WarnAt(string key, Complaint complaint) => _problems.Add(Severity.Warning, OriginOf(key), Path(key), _root[key], complaint);

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
        else if (!type.TryParse(text.Trim(), out value, out var complaint))
        {
            FailAt(key, complaint);
        }
        else
        {
            return true;
        }

        return false;
    }

    /// <summary>Keys of a list's entries; complains where there is no list.</summary>
    private List<string> ItemKeys(string key, string expected)
    {
        var items = new List<string>();
        if (_root[key] is { } text)
        {
            _problems.Add(Severity.Error, OriginOf(key), Path(key), text, new("is not a list", "begin each entry on its own line with \"- \", or put them in [ ]"));
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
                _problems.Add(Severity.Error, OriginOf(child.Path), Path(child.Path), child.Value, new($"is not an entry of the list {Path(key)}", $"begin each entry with \"- \"; --set and environment number them from 0: {Path(key)}.0"));
                return items;
            }
        }
        if (items.Count == 0)
        {
            _problems.Add(Severity.Error, Exists(key) ? OriginOf(key) : Origin, Path(key), null, new("is missing", $"add at least one entry: {expected}"));
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
        _root.GetSection(key).GetChildren().Select(child => FindOrigin(child.Path) ?? FirstChildOrigin(child.Path)).FirstOrDefault(origin => origin is not null);

    /// <summary>The last provider that has the key decides its value, so it is the one to name.</summary>
    private Origin? FindOrigin(string key) =>
        _root.Providers.Reverse().OfType<IOriginTable>().Select(table => table.Find(key)).FirstOrDefault(origin => origin is not null);
}
