namespace TlsFront.Configuration.Schema;

/// <summary><c>tls</c> of a backend.</summary>
internal static class BackendTlsSchema
{
    private static readonly BackendTlsSettings Defaults = new();

    public static readonly Setting<BackendTlsMode> Mode = new("mode",
        new ChoiceType<BackendTlsMode>(("none", BackendTlsMode.None), ("implicit", BackendTlsMode.Implicit)),
        "`implicit`: TLS 1.2 or 1.3 to the backend, from the first byte behind the PROXY header, which is in clear.")
    { Default = Defaults.Mode };

    public static readonly Setting<string?> Authorities = new("ca", new PathType("file")!,
        "A PEM file with the authorities its certificate may be of. Relative to the folder of the configuration file; read anew at each reload.")
    { DefaultWords = "the system's" };

    public static readonly Setting<string?> CertificateName = new("serverName", new HostNameType("write the name in the certificate, such as smtp.internal")!,
        "Name the certificate must be for.")
    { DefaultWords = "the destination's host" };

    public static readonly Setting<bool> Verify = new("verify", new ChoiceType<bool>(("on", true), ("off", false)),
        "`off`: any certificate will do, which protects from eavesdroppers only.")
    {
        Default = Defaults.Verify,
        Advice = verify => verify ? null : new(
            "ACCEPTS ANY CERTIFICATE: whoever can answer in the backend's place gets the users' passwords",
            "remove it, and name the backend's authority, or its self-signed certificate, in ca"),
    };

    public static readonly SettingsSection Section = new("tls", "TLS to the backend.", Mode, Authorities, CertificateName, Verify);
}
