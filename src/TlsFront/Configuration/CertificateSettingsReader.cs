using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>Reads <c>certificates</c>, of the file and of a route.</summary>
internal static class CertificateSettingsReader
{
    /// <summary>Reads all sources in <paramref name="section"/> of <paramref name="parent"/>; their paths become absolute, starting from <paramref name="folder"/>.</summary>
    public static IReadOnlyList<CertificateSettings> Read(SettingsScope parent, SettingsSection section, string folder)
    {
        var certificates = new List<CertificateSettings>();
        foreach (var scope in parent.Items(section))
        {
            var hasPath = scope.TryRead(CertificateSchema.Path, out var path);
            var key = scope.Read(CertificateSchema.Key);
            var fullPath = hasPath ? Path.Combine(folder, path!) : "";
            var fullKey = key is null ? null : Path.Combine(folder, key);
            var isFolder = Directory.Exists(fullPath);

            if (hasPath && !isFolder && !File.Exists(fullPath))
            {
                scope.Fail(CertificateSchema.Path, PathType.Missing(fullPath, "file or folder"));
            }

            if (fullKey is not null && isFolder)
            {
                scope.Fail(CertificateSchema.Key, new("has no meaning where path is a folder", "remove it, or name the certificate's file in path"));
            }
            else if (fullKey is not null && !File.Exists(fullKey))
            {
                scope.Fail(CertificateSchema.Key, PathType.Missing(fullKey, "file"));
            }

            var passwordFile = scope.Read(CertificateSchema.PasswordFile) is { } password ? Path.Combine(folder, password) : null;
            if (passwordFile is not null && !File.Exists(passwordFile))
            {
                scope.Fail(CertificateSchema.PasswordFile, PathType.Missing(passwordFile, "file"));
            }

            if (certificates.Exists(other => other.Path == fullPath && fullPath.Length > 0))
            {
                scope.Fail(CertificateSchema.Path, new("is listed twice", "remove one of the two"));
            }

            certificates.Add(new(fullPath, fullKey, passwordFile));
        }
        return certificates;
    }
}
