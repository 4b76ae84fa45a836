using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary>
/// A part of a section: a setting, or a section within. Knows which part of the section's record it is, and does with it all there is to do.
/// </summary>
/// <typeparam name="T">The section's record.</typeparam>
internal interface ISettingsMember<T>
{
    /// <summary>Its <see cref="Setting"/> or <see cref="SettingsSection"/>, for the documentation; anything else if it has none.</summary>
    object Definition { get; }

    /// <summary>Learns what it is when nothing is written.</summary>
    void Attach(T defaults);

    /// <summary>Takes over what is written, and notes what is wrong with it.</summary>
    /// <returns><paramref name="settings"/> with that; the same where nothing is written, or nothing that can be used.</returns>
    T Read(SettingsScope scope, T settings);

    /// <summary>Paths of the settings that differ, relative to the section.</summary>
    IEnumerable<string> Differences(T old, T now);

    /// <summary><paramref name="wanted"/> as far as it can be put in force while <paramref name="running"/> runs.</summary>
    T KeepCold(T running, T wanted);
}
