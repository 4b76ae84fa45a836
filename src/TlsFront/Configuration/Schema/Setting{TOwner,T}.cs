using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary>A setting with one value, as a property of a record.</summary>
/// <param name="key">Name in the file.</param>
/// <param name="type">What may be written.</param>
/// <param name="get">Its value in the record.</param>
/// <param name="set">The record with another value.</param>
/// <param name="text">What it is for, one or two sentences.</param>
internal sealed class Setting<TOwner, T>(string key, SettingType<T> type, Func<TOwner, T> get, Func<TOwner, T, TOwner> set, string text)
    : Setting<T>(key, type, text), ISettingsMember<TOwner>
{
    public object Definition => this;

    /// <summary>The same setting where it stands for less, in the documentation's words.</summary>
    /// <param name="defaultWords">What its absence means there.</param>
    /// <param name="text">What it is for there; the same as here if null.</param>
    public Setting<TOwner, T> Inheriting(string defaultWords, string? text = null) =>
        new(Key, Type, get, set, text ?? Text) { DefaultWords = defaultWords, IsRequired = IsRequired, IsCold = IsCold, Advice = Advice };

    public void Attach(TOwner defaults) => Default = IsRequired || DefaultWords is not null ? default : get(defaults);

    public TOwner Read(SettingsScope scope, TOwner settings) => scope.TryRead(this, out var value) ? set(settings, value) : settings;

    public IEnumerable<string> Differences(TOwner old, TOwner now) => EqualityComparer<T>.Default.Equals(get(old), get(now)) ? [] : [Key];

    public TOwner KeepCold(TOwner running, TOwner wanted) => IsCold ? set(wanted, get(running)) : wanted;
}
