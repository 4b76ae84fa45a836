using System.Collections.Frozen;
using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.ClientCertificates;
using TlsFront.Tls.Hello;
using TlsFront.Transport;

namespace TlsFront.Compatibility;

/// <summary>Replays recorded hellos to the engine that settings choose, under the policies of their listeners.</summary>
internal static class CompatibilityCheck
{
    /// <summary>What each of <paramref name="hellos"/> gets under <paramref name="settings"/>, whose files can be used, as they are now.</summary>
    public static async Task<IReadOnlyList<ClientReport>> RunAsync(
        GatewaySettings settings, IEnumerable<RecordedHello> hellos, TimeProvider time, CancellationToken stop)
    {
        var store = new CertificateStore(time, NullLogger<CertificateStore>.Instance);
        _ = store.UpdateSources(settings.Certificates, settings.OwnCertificates);
        using var clients = new ClientCertificateStore(new SettingsStore(settings), time, NullLogger<ClientCertificateStore>.Instance);
        return await RunAsync(settings, TargetsOf(settings, store, clients), hellos, time, stop);
    }

    /// <summary>The terms of all listeners and the names that they route, with certificates of these stores.</summary>
    public static IReadOnlyList<ReplayTarget> TargetsOf(GatewaySettings settings, CertificateStore store, ClientCertificateStore clients)
    {
        var backends = settings.Backends.ToFrozenDictionary(static backend => backend.Name);
        TlsPolicy PolicyOf(ListenerSettings listener) => TlsPolicy.Of(listener, backends, store, clients);

        return
        [
            .. settings.Listeners.SelectMany(listener => ReplayTarget.Of(
                listener, PolicyOf(listener.WithoutLegacy), listener.OldestTls < TlsVersion.Tls12 ? PolicyOf(listener) : null, store.Current)),
        ];
    }

    /// <summary>What each of <paramref name="hellos"/> gets at each of <paramref name="targets"/>, from the engine of the settings.</summary>
    public static async Task<IReadOnlyList<ClientReport>> RunAsync(
        GatewaySettings settings, IReadOnlyList<ReplayTarget> targets, IEnumerable<RecordedHello> hellos, TimeProvider time, CancellationToken stop)
    {
        using var rehearsal = HandshakeRehearsals.Create(settings.Engine, settings.Native, time);
        var reports = new List<ClientReport>();
        foreach (var hello in hellos)
        {
            var outcomes = new List<ClientOutcome>();
            foreach (var target in targets.Where(target => target.Route is null || hello.Records.NamesServer))
            {
                stop.ThrowIfCancellationRequested();
                var records = hello.Records.AskFor(target.ServerName);
                var outcome = await ReplayAsync(records, target, target.Policy, rehearsal, stop);
                if (!outcome.Accepted && target.LegacyPolicy is { } legacy
                    && await ReplayAsync(records, target, legacy, rehearsal, stop) is { Accepted: true } exception)
                {
                    outcome = exception with { NeedsPolicy = true };
                }

                outcomes.Add(outcome);
            }

            reports.Add(new(hello.Client, hello.Library, hello.Source, hello.Recorded, Ja4.Of(hello.Hello), hello.Note, outcomes));
        }

        return reports;
    }

    private static async Task<ClientOutcome> ReplayAsync(
        HelloRecords records, ReplayTarget target, TlsPolicy policy, IHandshakeRehearsal rehearsal, CancellationToken stop)
    {
        var answer = await rehearsal.AnswerAsync(records.Octets, policy, stop);
        if (answer.Failure is null && ServerFlight.Read(answer.Records.Span) is { } flight)
        {
            var certificate = policy.Select(records.Hello).Certificate!;
            return new(
                target.Listener, target.Route, Accepted: true, flight.Version.Words(), $"{flight.CipherSuite}",
                flight.Group is { } group ? KeyExchange.NameOf(group) : null, certificate.KeyType.Words(), null);
        }

        return new(target.Listener, target.Route, Accepted: false, null, null, null, null, answer.Failure?.Detail ?? "the engine gives no answer");
    }
}
