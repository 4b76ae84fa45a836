namespace TlsFront.Configuration.Schema;

/// <summary>The whole file.</summary>
internal static class SettingsSchema
{
    public static readonly Setting<string> HostName = new("hostname", new DomainNameType(),
        "The gateway's name in `Received` lines and in its own replies.")
    { IsRequired = true };

    public static readonly SettingsSection Root = new("", "", HostName, CertificateSchema.Section, ListenerSchema.Section,
        TlsSchema.Section, BackendSchema.Section, AdminSchema.Section, DrainSchema.Section, TimeoutSchema.Section,
        LogSchema.Section, TelemetrySchema.Section);
}
