using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>Reads <c>certificates</c>, of the file and of a route.</summary>
internal static class CertificateSettingsReader
{
    /// <summary>Reads all sources in <paramref name="section"/> of <paramref name="parent"/>; their paths become absolute, starting from <paramref name="folder"/>.</summary>
    /// <returns>Those without a mistake.</returns>
    public static IReadOnlyList<Placed<CertificateSettings>> Read(SettingsScope parent, SettingsSection section, string folder)
    {
        var certificates = new List<Placed<CertificateSettings>>();
        foreach (var scope in parent.Items(section))
        {
            var isGood = TryRead(scope, folder, out var source);
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

    /// <summary>Reads one source; false if there is a mistake in it.</summary>
    private static bool TryRead(SettingsScope scope, string folder, out CertificateSettings source)
    {
        var hasPath = scope.TryRead(CertificateSchema.Path, out var path);
        var fullPath = hasPath ? Path.Combine(folder, path!) : "";
        var isFolder = Directory.Exists(fullPath);
        var isGood = hasPath;
        if (hasPath && !isFolder && !File.Exists(fullPath))
        {
            scope.Fail(CertificateSchema.Path, PathType.Missing(fullPath, "file or folder"));
            isGood = false;
        }

        isGood &= TryReadFile(scope, CertificateSchema.PasswordFile, folder, out var passwordFile);
        if (isFolder && scope.Has(CertificateSchema.Key))
        {
            scope.Fail(CertificateSchema.Key, new("has no meaning where path is a folder", "remove it, or name the certificate's file in path"));
            source = new(fullPath, null, passwordFile);
            return false;
        }

        isGood &= TryReadFile(scope, CertificateSchema.Key, folder, out var key);
        source = new(fullPath, key, passwordFile);
        return isGood;
    }

    private static bool TryReadFile(SettingsScope scope, Setting<string?> setting, string folder, out string? file)
    {
        file = null;
        if (!scope.TryRead(setting, out var path))
        {
            return false;
        }

        file = path is null ? null : Path.Combine(folder, path);
        if (file is not null && !File.Exists(file))
        {
            scope.Fail(setting, PathType.Missing(file, "file"));
            return false;
        }

        return true;
    }
}
