using System.Collections.Immutable;
using TlsFront.Configuration;

namespace TlsFront.Tls;

/// <summary>A folder of many certificates: each file with certificate and key, each pair of files, each folder of a pair, such as certbot's <c>live</c>.</summary>
internal static class CertificateDirectory
{
    private const string Issuer = ".issuer.crt";

    private static readonly string[] Extensions = [".pem", ".crt", ".pfx", ".p12"];

    /// <summary>
    /// The sources that <paramref name="settings"/> stands for, by name, so that the first is the same on every start: itself if it is a file, the folder of one
    /// certificate, or a folder without any.
    /// </summary>
    public static ImmutableArray<CertificateSettings> Expand(CertificateSettings settings)
    {
        if (!Directory.Exists(settings.Path) || CertificateFiles.TryLocate(settings, out _, out _))
        {
            return [settings];
        }

        try
        {
            var found = Directory.EnumerateFileSystemEntries(settings.Path)
                .Order(StringComparer.Ordinal)
                .Select(entry => Source(entry, settings.PasswordFile))
                .OfType<CertificateSettings>()
                .ToImmutableArray();
            return found.IsEmpty ? [settings] : found;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [settings];
        }
    }

    private static CertificateSettings? Source(string entry, string? passwordFile)
    {
        // Hidden ones are half-written files of careful programs, and Kubernetes' own links.
        if (Path.GetFileName(entry).StartsWith('.'))
        {
            return null;
        }

        if (Directory.Exists(entry))
        {
            var folder = new CertificateSettings(entry, null, passwordFile, SharesPassword: passwordFile is not null);
            return CertificateFiles.TryLocate(folder, out _, out _) ? folder : null;
        }

        // lego leaves the issuer's certificate as NAME.issuer.crt beside NAME.crt, which holds the chain.
        if (!Extensions.Contains(Path.GetExtension(entry)) || (entry.EndsWith(Issuer, StringComparison.Ordinal) && File.Exists(entry[..^Issuer.Length] + ".crt")))
        {
            return null;
        }

        // The names of HAProxy's ssl-load-extra-files: NAME.pem.key, or NAME.key. What lies beside PKCS #12, which holds its own, belongs to another file.
        string[] keys = Path.GetExtension(entry) is ".pfx" or ".p12" ? [] : [entry + ".key", Path.ChangeExtension(entry, ".key")];
        return new(entry, keys.FirstOrDefault(File.Exists), passwordFile, SharesPassword: passwordFile is not null);
    }
}
