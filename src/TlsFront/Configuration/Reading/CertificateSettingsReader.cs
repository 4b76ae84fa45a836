using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration.Reading;

/// <summary>Reads <c>certificates</c>, of the file, of a listener and of a route.</summary>
internal static class CertificateSettingsReader
{
    /// <summary>Reads all sources in <paramref name="section"/> of <paramref name="parent"/>.</summary>
    /// <returns>Those without a mistake.</returns>
    public static IReadOnlyList<Placed<CertificateSettings>> Read(SettingsScope parent, SettingsSection<CertificateSettings> section)
    {
        var certificates = new List<Placed<CertificateSettings>>();
        foreach (var scope in parent.Items(section))
        {
            var source = section.Read(scope, section.Defaults);
            var isGood = CheckFiles(scope, source);
            if (certificates.Exists(other => other.Value.Path == source.Path))
            {
                scope.Fail(CertificateSchema.Path, new("is listed twice", "remove one of the two"));
            }
            else if (isGood)
            {
                certificates.Add(scope.Place(CertificateSchema.Path, source));
            }
        }

        return certificates;
    }

    /// <summary>Notes files that are not there; false if there is a mistake in the source.</summary>
    private static bool CheckFiles(SettingsScope scope, CertificateSettings source)
    {
        if (source.Path.Length == 0)
        {
            return false;
        }

        var isFolder = Directory.Exists(source.Path);
        var isGood = isFolder || Exists(scope, CertificateSchema.Path, source.Path, "file or folder");
        isGood &= source.PasswordFile is null
            ? !scope.Has(CertificateSchema.PasswordFile)
            : Exists(scope, CertificateSchema.PasswordFile, source.PasswordFile, "file");
        if (isFolder && scope.Has(CertificateSchema.Key))
        {
            scope.Fail(CertificateSchema.Key, new("has no meaning where path is a folder", "remove it, or name the certificate's file in path"));
            return false;
        }

        return isGood & (source.Key is null ? !scope.Has(CertificateSchema.Key) : Exists(scope, CertificateSchema.Key, source.Key, "file"));
    }

    private static bool Exists(SettingsScope scope, Setting setting, string path, string what)
    {
        if (File.Exists(path))
        {
            return true;
        }

        scope.Fail(setting, PathType.Missing(path, what));
        return false;
    }
}
