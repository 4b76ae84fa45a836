namespace TlsFront.Configuration.Schema;

/// <summary>The whole file.</summary>
internal static class SettingsSchema
{
    public static readonly Setting<GatewaySettings, string> HostName = new("hostname", new DomainNameType(),
        static settings => settings.HostName, static (settings, value) => settings with { HostName = value },
        "The gateway's name in `Received` lines and in its own replies.")
    { IsRequired = true };

    public static readonly Setting<GatewaySettings, EngineChoice> Engine = new("engine",
        new ChoiceType<EngineChoice>(("auto", EngineChoice.Auto), ("managed", EngineChoice.Managed), ("native", EngineChoice.Native)),
        static settings => settings.Engine, static (settings, value) => settings with { Engine = value },
        "What moves the bytes. `managed`: .NET's sockets and TLS, anywhere; `native`: event loops with OpenSSL 3, on Linux; "
        + "`auto`: native where it can run, otherwise managed. The start line names the one that runs.")
    { IsCold = true };

    public static readonly SettingsSection<GatewaySettings> Root = new("", "", GatewaySettings.Blank,
        HostName, Engine,
        new SettingsItems<GatewaySettings, CertificateSettings>(CertificateSchema.Section, static settings => settings.Certificates),
        new SettingsItems<GatewaySettings, ListenerSettings>(ListenerSchema.Section,
            static settings => settings.Listeners, static listener => listener.Name),
        new SettingsGroup<GatewaySettings, GatewaySettings>(TlsSchema.Section, static settings => settings, static (_, value) => value),
        new SettingsGroup<GatewaySettings, ReceivedSettings>(ReceivedSchema.Section,
            static settings => settings.Received, static (settings, value) => settings with { Received = value }),
        new SettingsItems<GatewaySettings, BackendSettings>(BackendSchema.Section,
            static settings => settings.Backends, static backend => backend.Name),
        new SettingsItems<GatewaySettings, PolicySettings>(PolicySchema.Section, static settings => settings.Policies),
        new SettingsGroup<GatewaySettings, InventorySettings>(InventorySchema.Section,
            static settings => settings.Inventory, static (settings, value) => settings with { Inventory = value }),
        new SettingsGroup<GatewaySettings, AdmissionSettings>(AdmissionSchema.Section,
            static settings => settings.Admission, static (settings, value) => settings with { Admission = value }),
        new SettingsGroup<GatewaySettings, LimitSettings>(LimitSchema.Section,
            static settings => settings.Limits, static (settings, value) => settings with { Limits = value }),
        new SettingsGroup<GatewaySettings, AdminSettings>(AdminSchema.Section,
            static settings => settings.Admin, static (settings, value) => settings with { Admin = value }),
        new SettingsGroup<GatewaySettings, DrainSettings>(DrainSchema.Section,
            static settings => settings.Drain, static (settings, value) => settings with { Drain = value }),
        new SettingsGroup<GatewaySettings, UpgradeSettings>(UpgradeSchema.Section,
            static settings => settings.Upgrade, static (settings, value) => settings with { Upgrade = value }),
        new SettingsGroup<GatewaySettings, TimeoutSettings>(TimeoutSchema.Section,
            static settings => settings.Timeouts, static (settings, value) => settings with { Timeouts = value }),
        new SettingsGroup<GatewaySettings, NativeSettings>(NativeSchema.Section,
            static settings => settings.Native, static (settings, value) => settings with { Native = value }),
        new SettingsGroup<GatewaySettings, LogSettings>(LogSchema.Section,
            static settings => settings.Log, static (settings, value) => settings with { Log = value }),
        new SettingsGroup<GatewaySettings, TelemetrySettings>(TelemetrySchema.Section,
            static settings => settings.Telemetry, static (settings, value) => settings with { Telemetry = value }));
}
