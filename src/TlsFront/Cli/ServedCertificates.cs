using System.Collections.Immutable;
using System.Globalization;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Tls;

namespace TlsFront.Cli;

/// <summary>What each listener would present for each name, to which clients, and where a routed name leads.</summary>
internal static class ServedCertificates
{
    public static void Write(TextWriter output, IEnumerable<ListenerSettings> listeners, ConfiguredCertificates certificates, DateTimeOffset now)
    {
        var covered = certificates.Snapshot.ForAnyName.SelectMany(static certificate => certificate.Names).Distinct().ToList();
        foreach (var listener in listeners)
        {
            var routes = new ServerNameTable<RouteSettings>(listener.Routes.SelectMany(static route => route.Names.Select(name => KeyValuePair.Create(name, route))));
            output.WriteLine($"listener {listener.Name} ({Words(listener.Tls)}{(listener.Routes.Count == 0 ? "" : $", backend {listener.Backend}")})");
            foreach (var name in listener.Routes.SelectMany(static route => route.Names).Union(covered))
            {
                output.WriteLine(routes.Find(name) is { } route
                    ? $"  {name} ({Words(route.Tls)}, backend {route.Backend}): {Describe(certificates.Of(route), name, route.Tls, now)}"
                    : $"  {name}: {Describe(certificates.Snapshot, name, listener.Tls, now)}");
            }

            var others = Describe(certificates.Snapshot.Find(null), now);
            output.WriteLine(listener.Tls.UnknownName == UnknownName.Reject ? $"  no name: {others}\n  any other name: refused" : $"  any other name, or none: {others}");
        }
    }

    private static string Words(TlsSettings tls) => $"{tls.MinimumVersion.Words()}{(tls.MinimumVersion < TlsVersion.Tls13 ? " and later" : "")}";

    private static string Describe(CertificateSnapshot certificates, string name, TlsSettings tls, DateTimeOffset now)
    {
        var found = certificates.Find(name);
        return found.Covered ? Describe(found, now)
            : tls.UnknownName == UnknownName.Reject ? "no certificate is for it; refused"
            : $"no certificate is for it; {Describe(found, now)}";
    }

    /// <summary>The order is that of <see cref="TlsPolicy"/>: ECDSA to those who verify it, RSA to the rest.</summary>
    private static string Describe(CertificateMatch match, DateTimeOffset now)
    {
        var ecdsa = Best(match, CertificateKeyType.Ecdsa, now);
        var rsa = Best(match, CertificateKeyType.Rsa, now);
        return (ecdsa, rsa) switch
        {
            ({ } one, { } other) => $"{Words(one, now)}; to clients that verify RSA only: {Words(other, now)}",
            ({ } one, null) => $"{Words(one, now)}; clients that verify RSA only are refused",
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
        $"{(certificate.KeyType == CertificateKeyType.Rsa ? "RSA" : "ECDSA")} {certificate.Source} ({Math.Floor((certificate.NotAfter - now).TotalDays)} days left, chain {(certificate.HasChain ? "complete" : "incomplete")})");
}
