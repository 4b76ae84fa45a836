namespace TlsFront.Configuration.Schema;

/// <summary>A group of settings under one key.</summary>
/// <param name="key">Name in the file; empty for the whole file.</param>
/// <param name="text">What the group is for.</param>
/// <param name="members">Its <see cref="Setting"/>s and <see cref="SettingsSection"/>s, in the order of the documentation.</param>
internal abstract class SettingsSection(string key, string text, IReadOnlyList<object> members)
{
    public string Key { get; } = key;

    public string Text { get; } = text;

    /// <summary>Whether it is a list of such groups.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether a list must be there; one that is there has an entry at least.</summary>
    public bool IsRequired { get; init; }

    public IReadOnlyList<Setting> Settings { get; } = [.. members.OfType<Setting>()];

    public IReadOnlyList<SettingsSection> Sections { get; } = [.. members.OfType<SettingsSection>()];

    /// <summary>Every key that may stand here.</summary>
    public IEnumerable<string> Keys => Settings.Select(setting => setting.Key).Concat(Sections.Select(section => section.Key));

    /// <summary>Everywhere below where a key of that very name may stand, for those who put it one level too high or too low.</summary>
    public IEnumerable<string> PathsOf(string key) =>
        Keys.Where(known => known.Equals(key, StringComparison.OrdinalIgnoreCase))
            .Concat(Sections.SelectMany(section => section.PathsOf(key).Select(path => $"{section.Key}.{(section.IsList ? "N." : "")}{path}")));
}
