using System.Collections.Immutable;
using System.Globalization;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Tls;

namespace TlsFront.Cli;

/// <summary>What each listener would present for each name, and to which clients.</summary>
internal static class ServedCertificates
{
    public static void Write(TextWriter output, IEnumerable<ListenerSettings> listeners, ImmutableArray<LoadedCertificate> certificates, DateTimeOffset now)
    {
        var snapshot = new CertificateSnapshot(certificates);
        var names = certificates.SelectMany(static certificate => certificate.Names).Distinct().ToList();
        foreach (var listener in listeners)
        {
            output.WriteLine($"listener {listener.Name} ({listener.Tls.MinimumVersion.Words()}{(listener.Tls.MinimumVersion < TlsVersion.Tls13 ? " and later" : "")})");
            foreach (var name in names)
            {
                output.WriteLine($"  {name}: {Describe(snapshot.Find(name), now)}");
            }

            var others = Describe(snapshot.Find(null), now);
            output.WriteLine(listener.Tls.UnknownName == UnknownName.Reject ? $"  no name: {others}\n  any other name: refused" : $"  any other name, or none: {others}");
        }
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
