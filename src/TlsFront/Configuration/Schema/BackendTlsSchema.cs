namespace TlsFront.Configuration.Schema;

/// <summary><c>tls</c> of a backend.</summary>
internal static class BackendTlsSchema
{
    public static readonly Setting<BackendTlsSettings, BackendTlsMode> Mode = new("mode",
        new ChoiceType<BackendTlsMode>(("none", BackendTlsMode.None), ("implicit", BackendTlsMode.Implicit)),
        static tls => tls.Mode, static (tls, value) => tls with { Mode = value },
        "`implicit`: TLS 1.2 or 1.3 to the backend, from the first byte behind the PROXY header, which is in clear.");

    public static readonly Setting<BackendTlsSettings, string?> Authorities = new("ca", new PathType("file")!,
        static tls => tls.Authorities, static (tls, value) => tls with { Authorities = value },
        "A PEM file with the authorities its certificate may be of. Relative to the folder of the configuration file; read again when it changes.")
    { DefaultWords = "the system's" };

    public static readonly Setting<BackendTlsSettings, string?> CertificateName = new("serverName",
        new HostNameType("write the name in the certificate, such as smtp.internal")!,
        static tls => tls.CertificateName, static (tls, value) => tls with { CertificateName = value },
        "Name the certificate must be for.")
    { DefaultWords = "the destination's host" };

    public static readonly Setting<BackendTlsSettings, bool> Verify = new("verify", new ChoiceType<bool>(("on", true), ("off", false)),
        static tls => tls.Verify, static (tls, value) => tls with { Verify = value },
        "`off`: any certificate will do, which protects from eavesdroppers only.")
    {
        Advice = static verify => verify ? null : new(
            "ACCEPTS ANY CERTIFICATE: whoever can answer in the backend's place gets the users' passwords",
            "remove it, and name the backend's authority, or its self-signed certificate, in ca"),
    };

    public static readonly SettingsSection<BackendTlsSettings> Section = new(
        "tls", "TLS to the backend.", new(), Mode, Authorities, CertificateName, Verify);
}
