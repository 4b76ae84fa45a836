using System.Collections.Immutable;
using System.Globalization;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;

namespace TlsFront.Cli;

/// <summary>What each listener would present for each name, to which clients, and where a routed name leads.</summary>
internal static class ServedCertificates
{
    public static void Write(TextWriter output, IEnumerable<ListenerSettings> listeners, ConfiguredCertificates certificates, DateTimeOffset now)
    {
        // Most listeners present the same.
        var told = listeners.GroupBy(listener => (Terms: Terms(listener), Names: string.Join('\n', Lines(listener, certificates.Snapshot, now))));
        foreach (var same in told)
        {
            var names = same.Select(static listener => listener.Name).ToList();
            output.WriteLine($"{(names.Count == 1 ? "listener" : "listeners")} {string.Join(", ", names)} ({same.Key.Terms})");
            output.WriteLine(same.Key.Names);
        }
    }

    /// <summary>"80 days left".</summary>
    public static string Left(LoadedCertificate certificate, DateTimeOffset now)
    {
        var days = (int)Math.Floor((certificate.NotAfter - now).TotalDays);
        return days < 0 ? "expired" : $"{Amount.Of(days, "day")} left";
    }

    private static string Terms(ListenerSettings listener) =>
        $"{Words(listener.Tls)}{(!listener.NameRoutes.Any() ? "" : $", backend {listener.Backend}")}";

    private static IEnumerable<string> Lines(ListenerSettings listener, CertificateSnapshot certificates, DateTimeOffset now)
    {
        var chosen = certificates.For(listener);
        var covered = chosen.ForAnyName.Concat(certificates.ForAnyName).SelectMany(static certificate => certificate.Names);
        var routes = new ServerNameTable<RouteSettings>(
            listener.NameRoutes.SelectMany(static route => route.Names.Select(name => KeyValuePair.Create(name, route))));
        foreach (var name in listener.NameRoutes.SelectMany(static route => route.Names).Union(covered))
        {
            yield return routes.Find(name) is { } route
                ? $"  {name} ({Words(route.Tls)}, backend {route.Backend}): {Describe(certificates.For(listener, route), name, route.Tls, now)}"
                : $"  {name}: {Describe(chosen, name, listener.Tls, now)}";
        }

        var others = Describe(chosen.Find(null), listener.Tls, now);
        yield return listener.Tls.UnknownName == UnknownName.Reject
            ? $"  no name: {others}\n  any other name: refused" : $"  any other name, or none: {others}";
    }

    private static string Words(TlsSettings tls) => $"{tls.MinimumVersion.Words()}{(tls.MinimumVersion < TlsVersion.Tls13 ? " and later" : "")}";

    private static string Describe(CertificateSnapshot certificates, string name, TlsSettings tls, DateTimeOffset now)
    {
        var found = certificates.Find(name);
        return found.Covered ? Describe(found, tls, now)
            : tls.UnknownName == UnknownName.Reject ? "no certificate is for it; refused"
            : $"no certificate is for it; {Describe(found, tls, now)}";
    }

    /// <summary>The order is that of <see cref="TlsPolicy"/>: ECDSA to those who verify it, RSA to the rest.</summary>
    private static string Describe(CertificateMatch match, TlsSettings tls, DateTimeOffset now)
    {
        var ecdsa = Best(match, CertificateKeyType.Ecdsa, now);
        var rsa = Best(match, CertificateKeyType.Rsa, now);
        return (ecdsa, rsa) switch
        {
            ({ } one, { } other) => $"{Words(one, now)}; to clients that verify RSA only: {Words(other, now)}",
            ({ } one, null) => $"{Words(one, now)}; clients that verify RSA only are refused",
            (null, { } other) when tls.MinimumVersion < TlsVersion.Tls13 =>
                $"{Words(other, now)}; TLS 1.2 clients with suites for ECDSA only are refused",
            (null, { } other) => Words(other, now),
            _ => "nothing",
        };
    }

    private static LoadedCertificate? Best(CertificateMatch match, CertificateKeyType type, DateTimeOffset now) =>
        Best(match.First, type, now) ?? Best(match.Second, type, now);

    private static LoadedCertificate? Best(ImmutableArray<LoadedCertificate> candidates, CertificateKeyType type, DateTimeOffset now) =>
        candidates.Where(certificate => certificate.KeyType == type).OrderByDescending(certificate => certificate.IsValidAt(now)).FirstOrDefault();

    private static string Words(LoadedCertificate certificate, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture,
        $"{certificate.KeyType.Words()} {certificate.Source} ({Left(certificate, now)}, chain {(certificate.HasChain ? "complete" : "incomplete")})");
}
