using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary><c>admission</c>, of the file and of a listener.</summary>
internal static class AdmissionSchema
{
    private const string Inherited = "that of `admission`";

    private static readonly AddressSourceType Source = new();

    public static readonly SettingList<AdmissionSettings, AddressSource> Allow = new("allow", Source,
        static admission => admission.Allow, static (admission, values) => admission with { Allow = AddressListSettings.Of(values) },
        "The only clients taken; everybody if absent. Files may have comments after `#` and are read again when they change.")
    { DefaultWords = "everybody", Check = CheckFile };

    public static readonly SettingList<AdmissionSettings, AddressSource> Deny = new("deny", Source,
        static admission => admission.Deny, static (admission, values) => admission with { Deny = AddressListSettings.Of(values) },
        "Clients refused, those in `allow` as well: deny wins, whatever is more specific.")
    { DefaultWords = "nobody", Check = CheckFile };

    public static readonly SettingsSection<AdmissionSettings> Section = new("admission", "Whose connections are taken, before TLS.",
        AdmissionSettings.Everybody, Allow, Deny);

    /// <summary>The same settings, one listener's own.</summary>
    public static readonly SettingsSection<AdmissionSettings> ListenerSection = new("admission", "Whose connections this listener takes.",
        AdmissionSettings.Everybody, Allow.Inheriting(Inherited, "In place of `admission.allow`."),
        Deny.Inheriting(Inherited, "In place of `admission.deny`."));

    /// <summary>Notes what is wrong with a file of networks.</summary>
    public static void CheckFile(SettingsScope scope, string key, AddressSource source)
    {
        if (source.File is { } path)
        {
            foreach (var problem in NetworkFile.Read(path).Problems)
            {
                scope.FailIn(key, path, problem);
            }
        }
    }
}
