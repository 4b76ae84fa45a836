using TlsFront.Configuration;
using TlsFront.Tls;

namespace TlsFront.Cli;

/// <summary>What is wrong with the certificates that settings name, and with routes whose names they are not for.</summary>
/// <param name="result">The settings, which may have mistakes elsewhere.</param>
/// <param name="certificates">Their certificates.</param>
/// <param name="now">When they are to be valid.</param>
internal sealed class CertificateProblems(SettingsResult result, ConfiguredCertificates certificates, DateTimeOffset now)
{
    public IEnumerable<Problem> Find() =>
    [
        .. result.Certificates.Concat(result.Routes.SelectMany(static route => route.Certificates)).SelectMany(InSource),
        // Which names are covered cannot be said of settings read in part.
        .. result.Settings is null ? [] : result.Routes.SelectMany(InRoute),
    ];

    private IEnumerable<Problem> InSource(Placed<CertificateSettings> source)
    {
        foreach (var reading in certificates.Of(source.Value))
        {
            if (reading.Certificate is null)
            {
                yield return new(Severity.Error, source.Origin, source.Setting, null, $"is not usable: {reading.Problem}", "the gateway does not start without it");
            }

            foreach (var warning in reading.Warnings(now))
            {
                yield return new(Severity.Warning, source.Origin, source.Setting, null, $"is not as it should be: {warning}", "mend it where it says so; the gateway takes new files within two seconds");
            }
        }
    }

    private IEnumerable<Problem> InRoute(RouteDraft route)
    {
        var own = certificates.Of(route.Settings);

        // Without any, what could not be read has been told.
        var uncovered = own.All.IsEmpty ? [] : route.Names.Where(name => !own.AnyFor(name.Value));
        var consequence = route.Settings.Tls.UnknownName == UnknownName.Reject ? "its clients are refused" : "its clients get another name's, which they should refuse";
        var sources = route.Certificates.Count == 0 ? "certificates" : "the route's certificates";
        return uncovered.Select(name => new Problem(
            Severity.Warning, name.Origin, name.Setting, name.Value, $"is a name that none of {sources} is for: {consequence}", $"add one for it to {sources}, or correct the name"));
    }
}
