using System.Text.Json;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Telemetry.Recent;
using TlsFront.Tls.Certificates;

namespace TlsFront.Admin.Live;

/// <summary>Writes the documents of the live page.</summary>
internal sealed class LiveDocuments(
    StatusReporter reporter, IGatewayControl control, AdminToken token, SettingsStore settings, DestinationStates destinations,
    CertificateStore certificates, RecentActivity recent, MigrationWatch migration, ClientWatch clients)
{
    /// <summary>All of them by the names of their events, in the order they are sent.</summary>
    /// <param name="isTrusted">Whether they are for those who may give commands.</param>
    /// <param name="now">What the status is to give as the time it was written at.</param>
    public IEnumerable<(string Name, byte[] Json)> Write(bool isTrusted, DateTimeOffset now)
    {
        yield return ("status", JsonSerializer.SerializeToUtf8Bytes(reporter.Status(isTrusted) with { Time = now }, AdminJson.Default.GatewayStatus));
        yield return ("gateway", JsonSerializer.SerializeToUtf8Bytes(Gateway(isTrusted), LiveJson.Default.LiveGateway));
        yield return ("probes", JsonSerializer.SerializeToUtf8Bytes([.. OfDestinations(Probes)], LiveJson.Default.IReadOnlyListLiveProbes));
        yield return ("times", JsonSerializer.SerializeToUtf8Bytes([.. OfDestinations(Times)], LiveJson.Default.IReadOnlyListLiveTimes));
        yield return ("handshakes", JsonSerializer.SerializeToUtf8Bytes(Handshakes(), LiveJson.Default.LiveHandshakes));
        yield return (
            "failures", JsonSerializer.SerializeToUtf8Bytes([.. recent.Failures().Select(Failure)], LiveJson.Default.IReadOnlyListLiveFailure));
        yield return (
            "connections",
            JsonSerializer.SerializeToUtf8Bytes(
                [.. recent.Ended().Select(connection => Connection(connection, isTrusted))], LiveJson.Default.IReadOnlyListLiveConnection));
        yield return ("migration", JsonSerializer.SerializeToUtf8Bytes(migration.Look(isTrusted), LiveJson.Default.LiveMigration));
        yield return ("clients", JsonSerializer.SerializeToUtf8Bytes(clients.Look(), LiveJson.Default.LiveClients));
    }

    private IEnumerable<T> OfDestinations<T>(Func<string, Destination, T> write) =>
        from backend in settings.Current.Backends
        from destination in destinations.Of(backend)
        select write(backend.Name, destination);

    private static LiveTimes Times(string backend, Destination destination) =>
        new(backend, destination.Address, LiveSpread.Of(destination.ConnectTimes.Spread()), LiveSpread.Of(destination.GreetingTimes.Spread()));

    private static LiveProbes Probes(string backend, Destination destination)
    {
        var probes = destination.Probes;
        return new(
            backend, destination.Address, probes is [var first, ..] ? first.At : null,
            [.. probes.Select(static probe => LiveSpread.Milliseconds(probe.Elapsed))],
            [.. probes.Index().Where(static entry => !entry.Item.Result.IsGood)
                .Select(static entry => new LiveProbeFailure(entry.Index, entry.Item.At, entry.Item.Result.Failure!, entry.Item.Result.Words))]);
    }

    private static LiveFailure Failure(RecentFailure failure) =>
        new(failure.Reason.Tag(), failure.Reason.Words(), FailureAdvice.For(failure.Reason), failure.Recent, failure.Total, failure.Last);

    private static LiveConnection Connection(RecentConnection ended, bool isTrusted) => new(
        ended.At, ended.Id, ended.Listener, ended.Protocol, ended.Tls?.Version.Words(), ended.Tls?.CipherSuite, ended.Tls?.Group, ended.Tls?.Resumed,
        ended.Route, ended.RoutedBy.Tag(),
        ended.Backend, ended.Destination, ended.BytesFromClient, ended.BytesToClient, Math.Round(ended.Lifetime.TotalSeconds, 3),
        ended.Reason.Tag(), ended.Reason.Words(), !ended.Reason.IsSuccess(),
        isTrusted ? ended.Client.Address.ToString() : null, isTrusted ? ended.Tls?.ServerName : null, isTrusted ? ended.Detail : null);

    private static string Key(LoadedCertificate certificate) =>
        certificate.KeyType == CertificateKeyType.Rsa ? $"RSA {certificate.KeySize}" : $"ECDSA P-{certificate.KeySize}";

    private LiveGateway Gateway(bool isTrusted)
    {
        var now = certificates.Now;
        var current = certificates.Current;
        var wrong = control.Presented.Where(static verdict => !verdict.IsServed).ToLookup(
            static verdict => verdict.Certificate, static verdict => verdict.Listener);
        return new LiveGateway(
            isTrusted ? "granted" : token.IsConfigured ? "token" : "off",
            recent.Sessions(),
            control.Progress,
            [.. current.All.Select(certificate => new LiveCertificate(
                certificate.Source, certificate.Names, certificate.Issuer, Key(certificate), certificate.NotAfter,
                (int)Math.Floor((certificate.NotAfter - now).TotalDays),
                certificate == current.ForAnyName.FirstOrDefault(), [.. certificate.Warnings(now)],
                [.. wrong[certificate.Source].Order(StringComparer.Ordinal)]))]);
    }

    private LiveHandshakes Handshakes()
    {
        var history = recent.Handshakes();
        return new LiveHandshakes(
            history.End, (int)RecentCounts.Step.TotalSeconds,
            [.. history.Succeeded.Select(static series => new LiveSeries(series.Version.Words(), series.Cipher, series.Total, series.Counts))],
            history.Failed, history.FailedTotal, [.. history.Groups.Select(static group => new LiveGroup(group.Key, group.Value))], history.Resumed,
            [.. history.Logins.Select(static logins => new LiveLogins(
                logins.Transport.Tag(), logins.Version?.Words(), logins.Total, [.. logins.Counts.Select(static count => (long)count)]))]);
    }
}
