using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary>A member of a record's section that stands in the section of the record around it.</summary>
internal sealed class SettingsPart<TOwner, T>(ISettingsMember<T> member, Func<TOwner, T> get, Func<TOwner, T, TOwner> set) : ISettingsMember<TOwner>
{
    public object Definition => member.Definition;

    public void Attach(TOwner defaults) => member.Attach(get(defaults));

    public TOwner Read(SettingsScope scope, TOwner settings) => set(settings, member.Read(scope, get(settings)));

    public IEnumerable<string> Differences(TOwner old, TOwner now) => member.Differences(get(old), get(now));

    public TOwner KeepCold(TOwner running, TOwner wanted) => set(wanted, member.KeepCold(get(running), get(wanted)));
}
