using System.Net;
using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration.Reading;

/// <summary>Rules between the settings of TLS to a backend, and between them and the backend's other settings.</summary>
internal static class BackendTlsRules
{
    private const string Remedy = "remove it, or write mode: implicit and verify: on";

    public static void Check(SettingsScope scope, BackendSettings backend)
    {
        var tls = backend.Tls;
        if (tls.Mode == BackendTlsMode.None)
        {
            scope.WarnUseless("mode is none", Remedy, BackendTlsSchema.Authorities, BackendTlsSchema.CertificateName, BackendTlsSchema.Verify);
        }
        else if (!tls.Verify)
        {
            scope.WarnUseless("verify is off", Remedy, BackendTlsSchema.Authorities);
        }
        else
        {
            if (tls.Authorities is { } path && !AuthorityFile.TryRead(path, out _, out var problem))
            {
                scope.Fail(BackendTlsSchema.Authorities, problem);
            }

            if (!scope.Has(BackendTlsSchema.CertificateName) && backend.Destinations.FirstOrDefault(IsAddress) is { } address)
            {
                scope.Warn(BackendTlsSchema.Mode, new(
                    $"wants a certificate for the address in {address}, which few have", "write serverName: the name in its certificate"));
            }
        }
    }

    private static bool IsAddress(string destination) => IPEndPoint.TryParse(destination, out _);
}
