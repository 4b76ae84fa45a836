namespace TlsFront.Configuration.Schema;

/// <summary><c>certificates</c>.</summary>
internal static class CertificateSchema
{
    public static readonly Setting<string> Path = new("path", new PathType("file or folder"),
        "A folder such as certbot's `live/NAME` or a mounted Kubernetes secret, or a PEM file with the chain, leaf first. Relative to the folder of the configuration file.")
    { IsRequired = true };

    public static readonly Setting<string?> Key = new("key", new PathType("file")!,
        "The PEM file of the private key, when `path` is a file that does not hold it.");

    public static readonly SettingsSection Section = new("certificates", "Where certificates and keys are read from.", Path, Key) { IsList = true };
}
