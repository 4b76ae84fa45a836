using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary>A section within another, whose record is a property of the other's.</summary>
internal sealed class SettingsGroup<TOwner, T>(SettingsSection<T> section, Func<TOwner, T> get, Func<TOwner, T, TOwner> set) : ISettingsMember<TOwner>
{
    public object Definition => section;

    public void Attach(TOwner defaults)
    {
    }

    public TOwner Read(SettingsScope scope, TOwner settings) => set(settings, section.Read(scope.Section(section), get(settings)));

    public IEnumerable<string> Differences(TOwner old, TOwner now) => section.Differences(get(old), get(now)).Select(path => $"{section.Key}.{path}");

    public TOwner KeepCold(TOwner running, TOwner wanted) => set(wanted, section.KeepCold(get(running), get(wanted)));
}
