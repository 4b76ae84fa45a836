namespace TlsFront.Configuration.Schema;

/// <summary><c>admission</c>, of the file and of a listener.</summary>
internal static class AdmissionSchema
{
    private static readonly AddressSourceType Source = new();

    public static readonly SettingList<AddressSource> Allow = new("allow", Source,
        "The only clients taken; everybody if absent. Files may have comments after `#` and are read again when they change.")
    { DefaultWords = "everybody" };

    public static readonly SettingList<AddressSource> Deny = new("deny", Source,
        "Clients refused, those in `allow` as well: deny wins, whatever is more specific.")
    { DefaultWords = "nobody" };

    public static readonly SettingsSection Section = new("admission", "Whose connections are taken, before TLS.", Allow, Deny);

    /// <summary>The same settings, one listener's own.</summary>
    public static readonly SettingsSection ListenerSection = new("admission", "Whose connections this listener takes.",
        new SettingList<AddressSource>(Allow.Key, Source, "In place of `admission.allow`.") { DefaultWords = "that of `admission`" },
        new SettingList<AddressSource>(Deny.Key, Source, "In place of `admission.deny`.") { DefaultWords = "that of `admission`" });
}
