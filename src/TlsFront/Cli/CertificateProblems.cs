using TlsFront.Configuration;
using TlsFront.Tls;

namespace TlsFront.Cli;

/// <summary>What is wrong with the certificates that settings name, and with routes whose names they are not for.</summary>
/// <param name="file">The configuration file, for what has no line of its own.</param>
/// <param name="result">Settings without an error.</param>
/// <param name="certificates">Their certificates.</param>
/// <param name="now">When they are to be valid.</param>
internal sealed class CertificateProblems(string file, SettingsResult result, ConfiguredCertificates certificates, DateTimeOffset now)
{
    public IEnumerable<Problem> Find()
    {
        var settings = result.Settings!;
        return
        [
            .. InSources(settings.Certificates, "certificates"),
            .. settings.Listeners.SelectMany((listener, index) => listener.Routes.SelectMany((route, number) => InRoute(route, $"listeners.{index}.routes.{number}"))),
        ];
    }

    private IEnumerable<Problem> InSources(IReadOnlyList<CertificateSettings> sources, string list)
    {
        for (var index = 0; index < sources.Count; index++)
        {
            var setting = $"{list}.{index}.path";
            var origin = new Origin(sources[index].Path);
            foreach (var reading in certificates.Of(sources[index]))
            {
                if (reading.Certificate is null)
                {
                    yield return new(Severity.Error, origin, setting, null, $"is not usable: {reading.Problem}", "the gateway does not start without it");
                }

                foreach (var warning in reading.Warnings(now))
                {
                    yield return new(Severity.Warning, origin, setting, null, $"is not as it should be: {warning}", "renew, complete or guard it; the gateway takes new files within two seconds");
                }
            }
        }
    }

    private IEnumerable<Problem> InRoute(RouteSettings route, string path)
    {
        var own = certificates.Of(route);

        // Without any, what could not be read has been told.
        var uncovered = own.All.IsEmpty ? [] : route.Names.Index().Where(name => !own.AnyFor(name.Item));
        return InSources(route.Certificates, $"{path}.certificates").Concat(uncovered.Select(name =>
        {
            var setting = $"{path}.names.{name.Index}";
            var consequence = route.Tls.UnknownName == UnknownName.Reject ? "its clients are refused" : "its clients get another name's, which they should refuse";
            var sources = route.Certificates.Count == 0 ? "certificates" : "the route's certificates";
            return new Problem(
                Severity.Warning, result.OriginOf(setting) ?? new(file), setting, name.Item, $"is a name that none of {sources} is for: {consequence}", $"add one for it to {sources}, or correct the name");
        }));
    }
}
