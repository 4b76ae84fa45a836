using TlsFront.Configuration;
using TlsFront.Configuration.Reading;
using TlsFront.Connections;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.ClientCertificates;

namespace TlsFront.Cli;

/// <summary>What is wrong with the certificates that settings name, and with routes whose names they are not for.</summary>
/// <param name="result">The settings, which may have mistakes elsewhere.</param>
/// <param name="certificates">Their certificates.</param>
/// <param name="now">When they are to be valid.</param>
internal sealed class CertificateProblems(SettingsResult result, ConfiguredCertificates certificates, DateTimeOffset now)
{
    public IEnumerable<Problem> Find() =>
    [
        .. result.Certificates.Concat(result.OwnCertificates).SelectMany(InSource),
        // Which names are covered cannot be said of settings read in part.
        .. result.Settings is null ? [] : OfOneKeyType(),
        .. result.Settings is null ? [] : OfClients(result.Settings),
        .. result.Settings is null ? [] : new RevocationProblems(result.Listeners, now).Find(),
        .. result.Settings is null ? [] : result.Listeners.SelectMany(listener => InRoutes(listener)),
    ];

    private static IEnumerable<Problem> OfClients(GatewaySettings settings) => settings.ClientCertificates
        .Select(static clients => clients.RevocationLists)
        .OfType<string>()
        .Distinct()
        .SelectMany(static path => RevocationLists.Read(path).Problems)
        .Concat(settings.ClientCertificates
            .Select(static clients => clients.Authorities!)
            .Distinct()
            .SelectMany(OfAuthorities));

    private static IEnumerable<Problem> OfAuthorities(string path)
    {
        var (authorities, problems) = ClientCertificateStore.ReadAuthorities(path);
        return authorities is null || AuthorityNames.CanBeTold(authorities)
            ? problems
            : [
                new(
                    Severity.Warning, new Origin(path), "", null,
                    $"{path} holds authorities whose names are longer than 16 KiB together, so clients are told none of them: "
                        + "a mail program may show a certificate of another authority, and is refused",
                    "name the root authorities of the users' certificates alone")
            ];
    }

    private IEnumerable<Problem> InSource(Placed<CertificateSettings> source)
    {
        var readings = certificates.Of(source.Value).ToList();
        var consequence = readings.Exists(static reading => reading.Certificate is not null)
            ? "the gateway starts without it and serves the others in its folder" : "the gateway does not start without it";
        foreach (var reading in readings)
        {
            if (reading.Certificate is null)
            {
                yield return new(Severity.Error, source.Origin, source.Setting, null, $"is not usable: {reading.Problem}", consequence);
            }

            foreach (var warning in reading.Warnings(now))
            {
                yield return new(
                    Severity.Warning, source.Origin, source.Setting, null, $"has a problem: {warning}",
                    "fix it as described; the gateway takes new files within two seconds");
            }
        }
    }

    /// <summary>Clients that share no suite with keys of one type, once for listeners that present the same where no name is asked for.</summary>
    private IEnumerable<Problem> OfOneKeyType()
    {
        var alone = from listener in result.Listeners
                    let presented = certificates.Snapshot.For(listener.Settings).Find(null).First
                    let types = presented.Select(static certificate => certificate.KeyType).Distinct().ToList()
                    where types.Count == 1 && (types[0] == CertificateKeyType.Ecdsa || listener.Settings.Tls.MinimumVersion < TlsVersion.Tls13)
                    let source = listener.Certificates.Concat(result.Certificates).First()
                    group listener.Settings.Name by (source.Origin, source.Setting, Type: types[0]);
        return alone.Select(static group => new Problem(
            Severity.Note, group.Key.Origin, group.Key.Setting, null,
            $"has {group.Key.Type.Words()} keys only: on {string.Join(", ", group)} old clients share no cipher suite, such as "
                + (group.Key.Type == CertificateKeyType.Rsa
                    ? "Windows 7 and 8.1, whose suites of the profile are for ECDSA" : "printers and scanners that know RSA only"),
            $"if you have such clients, add a certificate with an {group.Key.Type.Other().Words()} key for the same names"));
    }

    /// <summary>Certificates are chosen before the user is known.</summary>
    private IEnumerable<Problem> InRoutes(ListenerDraft listener) =>
        listener.Routes.Where(static route => !route.Settings.NeedsUser).SelectMany(route => InRoute(listener, route));

    private IEnumerable<Problem> InRoute(ListenerDraft listener, RouteDraft route)
    {
        var own = certificates.Snapshot.For(listener.Settings, route.Settings);

        // Without any, what could not be read has been told.
        var uncovered = own.All.IsEmpty ? [] : route.Names.Where(name => !own.AnyFor(name.Value));
        var consequence = route.Settings.Tls.UnknownName == UnknownName.Reject
            ? "its clients are refused"
            : "its clients get another name's, which they should refuse";
        var sources = route.Certificates.Count > 0 ? "the route's certificates"
            : listener.Certificates.Count > 0 ? "certificates and the listener's own"
            : "certificates";
        return uncovered.Select(name => new Problem(
            Severity.Warning, name.Origin, name.Setting, name.Value, $"is a name that none of {sources} is for: {consequence}",
            $"add one for it to {sources}, or correct the name"));
    }
}
