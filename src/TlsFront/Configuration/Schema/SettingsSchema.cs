namespace TlsFront.Configuration.Schema;

/// <summary>The whole file.</summary>
internal static class SettingsSchema
{
    public static readonly Setting<string> HostName = new("hostname", new DomainNameType(),
        "The gateway's name in `Received` lines and in its own replies.")
    { IsRequired = true };

    public static readonly Setting<EngineChoice> Engine = new("engine",
        new ChoiceType<EngineChoice>(("auto", EngineChoice.Auto), ("managed", EngineChoice.Managed), ("native", EngineChoice.Native)),
        "What moves the bytes. `managed`: .NET's sockets and TLS, anywhere; `native`: event loops with the system's OpenSSL 3, on Linux; `auto`: native where it can run, otherwise managed. The start line names the one that runs.")
    { Default = EngineChoice.Auto, IsCold = true };

    public static readonly SettingsSection Root = new("", "", HostName, Engine, CertificateSchema.Section, ListenerSchema.Section,
        TlsSchema.Section, ReceivedSchema.Section, BackendSchema.Section, AdmissionSchema.Section, LimitSchema.Section, AdminSchema.Section, DrainSchema.Section,
        TimeoutSchema.Section, NativeSchema.Section, LogSchema.Section, TelemetrySchema.Section);
}
