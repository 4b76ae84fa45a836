using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary>
/// What a file says that a setting points to, and other settings depend on: nobody writes it, but a change of it is a change of the settings.
/// </summary>
/// <param name="name">What reports call it.</param>
/// <param name="get">The values in the owner's record.</param>
internal sealed class SettingsFact<TOwner, T>(string name, Func<TOwner, IReadOnlyList<T>> get) : ISettingsMember<TOwner>
{
    /// <summary>Neither a setting nor a section: there is nothing to document.</summary>
    public object Definition => this;

    public void Attach(TOwner defaults)
    {
    }

    public TOwner Read(SettingsScope scope, TOwner settings) => settings;

    public IEnumerable<string> Differences(TOwner old, TOwner now) => get(old).SequenceEqual(get(now)) ? [] : [name];

    public TOwner KeepCold(TOwner running, TOwner wanted) => wanted;
}
