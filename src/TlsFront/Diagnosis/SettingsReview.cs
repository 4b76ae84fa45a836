using TlsFront.Configuration;
using TlsFront.Tls.Certificates;

namespace TlsFront.Diagnosis;

/// <summary>What the gateway's own settings allow that they hardly should, and what no backend has to be asked for. Pure.</summary>
internal static class SettingsReview
{
    /// <summary>Findings by what they are about: a listener, or the gateway as a whole.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="certificates">The certificates they name, as far as they can be read.</param>
    public static IEnumerable<(string Subject, Finding Finding)> Of(GatewaySettings settings, CertificateSnapshot certificates)
    {
        foreach (var listener in settings.Listeners.Where(static listener => listener.ProxyProtocol?.TrustedNetworks.HoldsEverybody == true))
        {
            yield return ($"listener {listener.Name}", new(
                Fault.TrustedNetworkWideOpen, Severity.Error, "anybody may claim any address by a PROXY header",
                "proxyProtocol.trustedNetworks holds every address there is",
                [new(
                    "tlsfront.yaml, with the load balancers' own addresses",
                    ["listeners:", $"  - name: {listener.Name}", "    proxyProtocol: { trustedNetworks: [ADDRESS, ANOTHER] }"])]));
        }

        foreach (var (listener, route) in settings.Listeners.SelectMany(static listener => listener.NameRoutes.Select(route => (listener, route))))
        {
            var own = certificates.For(listener, route);
            foreach (var name in route.Names.Where(name => !own.AnyFor(name)))
            {
                yield return ($"listener {listener.Name}", new(
                    Fault.CertificateDoesNotCover, Severity.Error,
                    $"no certificate covers {name}, for which there is a route; its clients refuse to connect",
                    $"names covered: {Names(own)}",
                    [new(
                        "tlsfront.yaml", ["certificates:", $"  - path: /etc/letsencrypt/live/{name.Replace("*.", "", StringComparison.Ordinal)}"])]));
            }
        }

        // An uncovered hostname may be meant, where it is the machine's own.
        if (!certificates.ForAnyName.IsEmpty && !settings.Listeners.Any(listener => certificates.For(listener).AnyFor(settings.HostName)))
        {
            yield return ("certificates", new(
                Fault.CertificateDoesNotCover, Severity.Warning,
                $"no certificate covers hostname {settings.HostName}; clients that use this name cannot verify the gateway",
                $"names covered: {Names(certificates)}",
                [new("tlsfront.yaml, if clients use that name", ["certificates:", $"  - path: /etc/letsencrypt/live/{settings.HostName}"])]));
        }
    }

    private static string Names(CertificateSnapshot certificates) =>
        string.Join(", ", certificates.ForAnyName.SelectMany(static certificate => certificate.Names).Distinct().DefaultIfEmpty("none"));
}
