namespace TlsFront.Configuration.Schema;

/// <summary><c>certificates</c>, of the file and of a route.</summary>
internal static class CertificateSchema
{
    public static readonly Setting<string> Path = new("path", new PathType("file or folder"),
        "A folder such as certbot's `live/NAME` or a mounted Kubernetes secret, a PEM file with the chain, leaf first, a PKCS #12 file (`.pfx`, `.p12`), or a folder of many of these, by name. Relative to the folder of the configuration file.")
    { IsRequired = true };

    public static readonly Setting<string?> Key = new("key", new PathType("file")!,
        "The PEM file of the private key, when `path` is a file that does not hold it.");

    public static readonly Setting<string?> PasswordFile = new("passwordFile", new PathType("file")!,
        "A file with the password of an encrypted key (PKCS #8) or of a PKCS #12 file; a newline at its end does not count.");

    public static readonly SettingsSection Section = new("certificates", "Where certificates and keys are read from.", Path, Key, PasswordFile) { IsList = true, IsRequired = true };

    /// <summary>The same settings, one route's own.</summary>
    public static readonly SettingsSection RouteSection = new("certificates", "Where the certificates of this route alone are read from.",
        new Setting<string>(Path.Key, Path.Type, "Presented for these names in place of those in `certificates`, which without it are chosen from by name; written as there.") { IsRequired = true },
        new Setting<string?>(Key.Key, Key.Type, "As in `certificates`."),
        new Setting<string?>(PasswordFile.Key, PasswordFile.Type, "As in `certificates`."))
    { IsList = true };
}
