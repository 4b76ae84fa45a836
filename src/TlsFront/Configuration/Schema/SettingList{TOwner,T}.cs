using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary>A setting with a list of values, as a property of a record.</summary>
/// <param name="key">Name in the file.</param>
/// <param name="type">What an entry may be.</param>
/// <param name="get">What the record has of it: a list, or something made of it that can be compared.</param>
/// <param name="set">The record with other values.</param>
/// <param name="text">What it is for, one or two sentences.</param>
internal sealed class SettingList<TOwner, T>(
    string key, SettingType<T> type, Func<TOwner, object?> get, Func<TOwner, IReadOnlyList<T>, TOwner> set, string text)
    : SettingList<T>(key, type, text), ISettingsMember<TOwner>
{
    public object Definition => this;

    /// <inheritdoc cref="Setting{TOwner, T}.Inheriting"/>
    public SettingList<TOwner, T> Inheriting(string defaultWords, string? text = null) =>
        new(Key, Type, get, set, text ?? Text)
        {
            DefaultWords = defaultWords,
            IsRequired = IsRequired,
            IsCold = IsCold,
            Unique = Unique,
            Check = Check
        };

    public void Attach(TOwner defaults)
    {
    }

    public TOwner Read(SettingsScope scope, TOwner settings) =>
        IsRequired || scope.Has(this) ? set(settings, [.. scope.ReadList(this).Select(static entry => entry.Value)]) : settings;

    public IEnumerable<string> Differences(TOwner old, TOwner now) => IsSame(get(old), get(now)) ? [] : [Key];

    public TOwner KeepCold(TOwner running, TOwner wanted) =>
        !IsCold ? wanted
        : get(running) is IReadOnlyList<T> values ? set(wanted, values)
        : throw new InvalidOperationException($"{Key} cannot be kept: its record has no list of it.");

    private static bool IsSame(object? old, object? now) =>
        old is IEnumerable<T> before && now is IEnumerable<T> after ? before.SequenceEqual(after) : Equals(old, now);
}
