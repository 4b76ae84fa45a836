namespace TlsFront.Configuration.Schema;

/// <summary><c>certificates</c>, of the file, of a listener and of a route.</summary>
internal static class CertificateSchema
{
    private const string AsThere = "As in `certificates`.";

    private static readonly CertificateSettings Blank = new("", null);

    public static readonly Setting<CertificateSettings, string> Path = new("path", new PathType("file or folder"),
        static source => source.Path, static (source, value) => source with { Path = value },
        "A folder such as certbot's `live/NAME`, acme.sh's `NAME_ecc` or a mounted Kubernetes secret, a PEM file with the chain, leaf first, "
        + "a PKCS #12 file (`.pfx`, `.p12`), or a folder of many of these, by name. Relative to the folder of the configuration file.")
    { IsRequired = true };

    public static readonly Setting<CertificateSettings, string?> Key = new("key", new PathType("file")!,
        static source => source.Key, static (source, value) => source with { Key = value },
        "The PEM file of the private key, when `path` is a file that does not hold it.");

    public static readonly Setting<CertificateSettings, string?> PasswordFile = new("passwordFile", new PathType("file")!,
        static source => source.PasswordFile, static (source, value) => source with { PasswordFile = value },
        "A file with the password of an encrypted key (PKCS #8) or of a PKCS #12 file; a newline at its end does not count.");

    public static readonly SettingsSection<CertificateSettings> Section = new("certificates", "Where certificates and keys are read from.",
        Blank, Path, Key, PasswordFile)
    { IsList = true, IsRequired = true };

    /// <summary>The same settings, one listener's own.</summary>
    public static readonly SettingsSection<CertificateSettings> ListenerSection = Own(
        "Where the certificates of this listener alone are read from.",
        "Presented by this listener for every name that one of them is for, and to clients that ask for none; "
        + "those in `certificates` only for names that none of them is for. Written as there.");

    /// <summary>The same settings, one route's own.</summary>
    public static readonly SettingsSection<CertificateSettings> RouteSection = Own(
        "Where the certificates of this route alone are read from.",
        "Presented for these names in place of those of the listener and those in `certificates`, "
        + "which without it are chosen from by name; written as there.");

    private static SettingsSection<CertificateSettings> Own(string text, string path) => new("certificates", text, Blank,
        Path.Inheriting("", path), Key.Inheriting("", AsThere), PasswordFile.Inheriting("", AsThere))
    { IsList = true };
}
