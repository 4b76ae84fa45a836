using System.Collections.Immutable;
using TlsFront.Configuration;

namespace TlsFront.Tls.Certificates;

/// <summary>
/// A folder of many certificates: each file with certificate and key, each pair of files, each folder of a pair, such as certbot's <c>live</c>.
/// </summary>
internal static class CertificateDirectory
{
    private const string Issuer = ".issuer.crt";

    private static readonly string[] Extensions = [".pem", ".crt", ".pfx", ".p12"];

    /// <summary>
    /// The sources that <paramref name="settings"/> stands for, by name, so that the first is the same on every start: itself if it is a file, the
    /// folder of one certificate, or a folder without any.
    /// Links that lead nowhere, empty folders and those that may not be read are among them: they are meant to be one.
    /// </summary>
    public static ImmutableArray<CertificateSettings> Expand(CertificateSettings settings)
    {
        if (!Directory.Exists(settings.Path) || CertificateFiles.TryLocate(settings, out _, out _))
        {
            return [settings];
        }

        try
        {
            // traefik-certs-dumper's folder has certs/NAME.crt and private/NAME.key.
            var (certificates, keys) = (Path.Combine(settings.Path, "certs"), Path.Combine(settings.Path, "private"));
            var folder = Directory.Exists(certificates) && Directory.Exists(keys) ? certificates : settings.Path;
            var found = Directory.EnumerateFileSystemEntries(folder)
                .Order(StringComparer.Ordinal)
                .Select(entry => Source(entry, settings.PasswordFile))
                .OfType<CertificateSettings>()
                .ToImmutableArray();
            return found.Any(HasFiles) ? found : [settings];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [settings];
        }
    }

    private static CertificateSettings? Source(string entry, string? passwordFile)
    {
        // Hidden ones are half-written files of careful programs, and Kubernetes' own links; a file system of its own begins with the other.
        var name = Path.GetFileName(entry);
        if (name.StartsWith('.') || name == "lost+found")
        {
            return null;
        }

        var source = new CertificateSettings(entry, null, passwordFile, SharesPassword: passwordFile is not null);
        if (Directory.Exists(entry))
        {
            return CertificateFiles.TryLocate(source, out _, out _) || IsEmptyOrClosed(entry) ? source : null;
        }

        if (!Extensions.Contains(Path.GetExtension(entry)))
        {
            return LeadsNowhere(entry) ? source : null;
        }

        // lego leaves the issuer's certificate as NAME.issuer.crt beside NAME.crt, which holds the chain.
        if (entry.EndsWith(Issuer, StringComparison.Ordinal) && File.Exists(entry[..^Issuer.Length] + ".crt"))
        {
            return null;
        }

        return source with { Key = Path.GetExtension(entry) is ".pfx" or ".p12" ? null : Keys(entry).FirstOrDefault(File.Exists) };
    }

    /// <summary>
    /// Where the key of a file may be: by the names of HAProxy's ssl-load-extra-files, NAME.pem.key or NAME.key, or in traefik-certs-dumper's folder.
    /// What lies beside PKCS #12, which holds its own, belongs to another file.
    /// </summary>
    private static IEnumerable<string> Keys(string file)
    {
        yield return file + ".key";
        yield return Path.ChangeExtension(file, ".key");
        if (Path.GetDirectoryName(file) is { } folder && Path.GetFileName(folder) == "certs" && Path.GetDirectoryName(folder) is { } parent)
        {
            yield return Path.Combine(parent, "private", Path.ChangeExtension(Path.GetFileName(file), ".key"));
        }
    }

    private static bool HasFiles(CertificateSettings source) =>
        Directory.Exists(source.Path) ? CertificateFiles.TryLocate(source, out _, out _) : File.Exists(source.Path);

    /// <summary>Whether it is a link that leads to nothing, which exists by the platform's account.</summary>
    private static bool LeadsNowhere(string entry)
    {
        try
        {
            return File.ResolveLinkTarget(entry, returnFinalTarget: true) is { Exists: false };
        }
        catch (IOException)
        {
            // In a circle.
            return true;
        }
    }

    private static bool IsEmptyOrClosed(string folder)
    {
        try
        {
            return !Directory.EnumerateFileSystemEntries(folder).Any();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
