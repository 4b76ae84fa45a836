using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>Reads <c>tls</c> of a backend.</summary>
internal static class BackendTlsSettingsReader
{
    /// <summary>Reads it; the path of the authorities becomes absolute, starting from <paramref name="folder"/>.</summary>
    public static BackendTlsSettings Read(SettingsScope scope, IReadOnlyList<string> destinations, string folder)
    {
        var authorities = scope.Read(BackendTlsSchema.Authorities) is { } path ? Path.Combine(folder, path) : null;
        var tls = new BackendTlsSettings
        {
            Mode = scope.Read(BackendTlsSchema.Mode),
            Authorities = authorities,
            CertificateName = scope.Read(BackendTlsSchema.CertificateName),
            Verify = scope.Read(BackendTlsSchema.Verify),
        };
        if (tls.Mode == BackendTlsMode.None)
        {
            WarnUseless(scope, "mode is none", BackendTlsSchema.Authorities, BackendTlsSchema.CertificateName, BackendTlsSchema.Verify);
        }
        else if (!tls.Verify)
        {
            WarnUseless(scope, "verify is off", BackendTlsSchema.Authorities);
        }
        else
        {
            CheckAuthorities(scope, authorities);
            if (!scope.Has(BackendTlsSchema.CertificateName) && destinations.FirstOrDefault(IsAddress) is { } address)
            {
                scope.Warn(BackendTlsSchema.Mode, new($"wants a certificate for the address in {address}, which few have", "write serverName: the name in its certificate"));
            }
        }

        return tls;
    }

    private static bool IsAddress(string destination) => IPEndPoint.TryParse(destination, out _);

    private static void CheckAuthorities(SettingsScope scope, string? path)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(path);
            if (certificates.Count == 0)
            {
                scope.Fail(BackendTlsSchema.Authorities, new($"{path} holds no certificate", "name a PEM file with the certificate of the authority"));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            scope.Fail(BackendTlsSchema.Authorities, new($"{path} cannot be read: {exception.Message}", "name a PEM file with the certificate of the authority"));
        }
    }

    private static void WarnUseless(SettingsScope scope, string why, params Setting[] settings)
    {
        foreach (var setting in settings.Where(scope.Has))
        {
            scope.Warn(setting, new($"has no effect: {why}", "remove it, or write mode: implicit and verify: on"));
        }
    }
}
