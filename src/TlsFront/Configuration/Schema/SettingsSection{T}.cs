using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary>
/// A group of settings with the record that holds them. Reading, comparing and keeping what a running gateway cannot change all follow from the
/// members, as the documentation does: a setting is one member.
/// </summary>
/// <param name="key">Name in the file; empty for the whole file.</param>
/// <param name="text">What the group is for.</param>
/// <param name="defaults">The record where nothing is written; what is required is missing in it.</param>
/// <param name="members">Its members, in the order of the documentation.</param>
internal sealed class SettingsSection<T>(string key, string text, T defaults, params IReadOnlyList<ISettingsMember<T>> members)
    : SettingsSection(key, text, [.. members.Select(member => Attached(member, defaults).Definition)])
{
    public T Defaults => defaults;

    /// <summary>Notes what is wrong with the settings together.</summary>
    public Action<SettingsScope, T>? Check { get; init; }

    /// <summary>Reads what is written over <paramref name="initial"/>, and notes what is wrong.</summary>
    public T Read(SettingsScope scope, T initial)
    {
        var settings = members.Aggregate(initial, (read, member) => member.Read(scope, read));
        Check?.Invoke(scope, settings);
        return settings;
    }

    /// <summary>Paths of the settings that differ, relative to the section.</summary>
    public IEnumerable<string> Differences(T old, T now) => members.SelectMany(member => member.Differences(old, now));

    /// <summary><paramref name="wanted"/> as far as it can be put in force while <paramref name="running"/> runs.</summary>
    public T KeepCold(T running, T wanted) => members.Aggregate(wanted, (kept, member) => member.KeepCold(running, kept));

    private static ISettingsMember<T> Attached(ISettingsMember<T> member, T defaults)
    {
        member.Attach(defaults);
        return member;
    }
}
