using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary>
/// A list of sections within another. The list is read by those who know the rules between its entries, and kept by <see cref="ColdSettings"/>.
/// </summary>
/// <param name="section">An entry.</param>
/// <param name="get">The list in the owner's record.</param>
/// <param name="nameOf">By what an entry is told from the others, and named; null if the list changes as a whole.</param>
internal sealed class SettingsItems<TOwner, T>(
    SettingsSection<T> section, Func<TOwner, IReadOnlyList<T>> get, Func<T, string>? nameOf = null) : ISettingsMember<TOwner>
{
    public object Definition => section;

    public void Attach(TOwner defaults)
    {
    }

    public TOwner Read(SettingsScope scope, TOwner settings) => settings;

    public IEnumerable<string> Differences(TOwner old, TOwner now) =>
        nameOf is null
            ? (get(old).SequenceEqual(get(now)) ? [] : [section.Key])
            : Differences(get(old).ToDictionary(nameOf), get(now).ToDictionary(nameOf));

    public TOwner KeepCold(TOwner running, TOwner wanted) => wanted;

    private IEnumerable<string> Differences(Dictionary<string, T> old, Dictionary<string, T> now)
    {
        foreach (var name in old.Keys.Union(now.Keys))
        {
            var path = $"{section.Key}.{name}";
            if (!now.TryGetValue(name, out var after))
            {
                yield return $"{path} (removed)";
            }
            else if (!old.TryGetValue(name, out var before))
            {
                yield return $"{path} (added)";
            }
            else
            {
                foreach (var setting in section.Differences(before, after))
                {
                    yield return $"{path}.{setting}";
                }
            }
        }
    }
}
