using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>
/// The instruments of the meter <c>TlsFront</c>, made from <see cref="MetricCatalogue"/>. Labels come from configuration and closed lists, never from
/// a client, so their number is known when the gateway starts.
/// </summary>
internal sealed class TlsFrontMetrics : IConnectionEvents, IBackendEvents, IReloadObserver
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "TlsFront";

    private readonly Meter _meter;
    private readonly Histogram<double> _connections;
    private readonly Counter<long> _balancerChecks;
    private readonly Histogram<double> _idle;
    private readonly Histogram<double> _handshakes;
    private readonly Counter<long> _ciphers;
    private readonly Histogram<double> _lookups;
    private readonly Counter<long> _cachedLookups;
    private readonly Histogram<double> _connects;
    private readonly Counter<long> _probeFailures;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _logins;
    private readonly Counter<long> _routed;
    private readonly Counter<long> _policies;
    private readonly Counter<long> _exposed;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _inventoryRecorded;
    private long _inventoryDropped;
    private ImmutableArray<ListenerTraffic> _listeners = [];
    private long _acceptedReloads;
    private long _refusedReloads;

    public TlsFrontMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _connections = MetricCatalogue.ConnectionDuration.CreateHistogram(_meter);
        _balancerChecks = MetricCatalogue.BalancerChecks.CreateCounter(_meter);
        _idle = MetricCatalogue.IdleAtClose.CreateHistogram(_meter);
        _handshakes = MetricCatalogue.HandshakeDuration.CreateHistogram(_meter);
        _ciphers = MetricCatalogue.Handshakes.CreateCounter(_meter);
        _lookups = MetricCatalogue.LookupDuration.CreateHistogram(_meter);
        _cachedLookups = MetricCatalogue.CachedLookups.CreateCounter(_meter);
        _connects = MetricCatalogue.ConnectDuration.CreateHistogram(_meter);
        _probeFailures = MetricCatalogue.ProbeFailures.CreateCounter(_meter);
        _messages = MetricCatalogue.Messages.CreateCounter(_meter);
        _logins = MetricCatalogue.Logins.CreateCounter(_meter);
        _routed = MetricCatalogue.LoginsRouted.CreateCounter(_meter);
        _policies = MetricCatalogue.PolicyDecisions.CreateCounter(_meter);
        _exposed = MetricCatalogue.CredentialsExposed.CreateCounter(_meter);
        _dropped = MetricCatalogue.TelemetryDropped.CreateCounter(_meter);
        _inventoryRecorded = MetricCatalogue.InventoryRecorded.CreateCounter(_meter);
        MetricCatalogue.ActiveConnections.Observe(_meter, OpenConnections);
        MetricCatalogue.ProxyIo.Observe(_meter, Bytes);
        MetricCatalogue.InventoryDropped.Observe<long>(_meter, () => [new(Interlocked.Read(ref _inventoryDropped))]);

        // From zero on: an increase from nothing is none, and the first refused configuration is the one to be told of.
        MetricCatalogue.Reloads.Observe<long>(_meter, () =>
        [
            new(Volatile.Read(ref _acceptedReloads), Verdict(accepted: true)),
            new(Volatile.Read(ref _refusedReloads), Verdict(accepted: false)),
        ]);
    }

    /// <summary>The listeners reported.</summary>
    public ImmutableArray<ListenerTraffic> Listeners => _listeners;

    /// <summary>Reports a listener from now on, with zeros until it has its first connection.</summary>
    public void Watch(string listener, string protocol) => ImmutableInterlocked.Update(
        ref _listeners,
        static (listeners, added) => Find(listeners, added.Listener) is null ? listeners.Add(added) : listeners,
        new ListenerTraffic(listener, protocol));

    /// <summary>Reports when each certificate expires, asked for at each collection. Names are configuration.</summary>
    public void ObserveCertificates(Func<IEnumerable<(string Name, DateTimeOffset NotAfter)>> certificates) =>
        MetricCatalogue.CertificateNotAfter.Observe(_meter, () => certificates().Select(static certificate => new Measurement<long>(
            certificate.NotAfter.ToUnixTimeSeconds(), MetricLabels.Certificate.Is(certificate.Name))));

    /// <summary>
    /// Reports whether listeners present certificates as their files have them, and until when what they present is valid. Names are configuration.
    /// </summary>
    public void ObserveServedCertificates(Func<IEnumerable<(string Listener, string Certificate, bool IsServed, DateTimeOffset? NotAfter)>> verdicts)
    {
        MetricCatalogue.CertificateServed.Observe(
            _meter,
            () => from verdict in verdicts()
                  select new Measurement<int>(verdict.IsServed ? 1 : 0, Presented(verdict.Listener, verdict.Certificate)));
        MetricCatalogue.CertificateServedNotAfter.Observe(
            _meter,
            () => from verdict in verdicts()
                  where verdict.NotAfter is not null
                  select new Measurement<long>(verdict.NotAfter!.Value.ToUnixTimeSeconds(), Presented(verdict.Listener, verdict.Certificate)));
    }

    /// <summary>Reports when each file of revocation lists ends, asked for at each collection. Names are configuration.</summary>
    public void ObserveRevocationLists(Func<IEnumerable<(string Path, DateTimeOffset End)>> files) =>
        MetricCatalogue.RevocationListNextUpdate.Observe(_meter, () => files().Select(static file => new Measurement<long>(
            file.End.ToUnixTimeSeconds(), MetricLabels.RevocationList.Is(file.Path))));

    /// <summary>Reports how much memory the process may use, asked for at each collection.</summary>
    public void ObserveMemoryLimit(Func<long> limit) => MetricCatalogue.MemoryLimit.Observe<long>(_meter, () => [new Measurement<long>(limit())]);

    /// <summary>
    /// Reports each destination's sessions and whether it gets more, asked for at each collection. Names and addresses are configuration.
    /// </summary>
    public void ObserveDestinations(Func<IEnumerable<(string Backend, string Destination, int Sessions, bool IsAvailable)>> destinations)
    {
        MetricCatalogue.ActiveSessions.Observe(
            _meter, () => destinations().Select(static entry => new Measurement<int>(entry.Sessions, Of(entry.Backend, entry.Destination))));
        MetricCatalogue.Available.Observe(
            _meter,
            () => destinations().Select(static entry => new Measurement<int>(entry.IsAvailable ? 1 : 0, Of(entry.Backend, entry.Destination))));
    }

    /// <summary>Reports how many sessions wait for a free place at each backend.</summary>
    public void ObserveQueues(Func<IEnumerable<(string Backend, int Waiting)>> queues) =>
        MetricCatalogue.QueuedSessions.Observe(
            _meter, () => queues().Select(static queue => new Measurement<int>(queue.Waiting, MetricLabels.Backend.Is(queue.Backend))));

    /// <summary>Reports how many held logins wait for the end of a hold.</summary>
    public void ObserveHeldLogins(Func<int> waiting) => MetricCatalogue.LoginsWaiting.Observe<int>(_meter, () => [new(waiting())]);

    /// <summary>
    /// Reports each listener's user map: its entries, when it was read, and whether its file still is good. Names and paths are configuration.
    /// </summary>
    public void ObserveUserMaps(Func<IEnumerable<(string Listener, string Path, int Entries, DateTimeOffset Read, bool IsCurrent)>> maps)
    {
        MetricCatalogue.UserMapEntries.Observe(
            _meter, () => maps().Select(static map => new Measurement<int>(map.Entries, Mapped(map.Listener, map.Path))));
        MetricCatalogue.UserMapRead.Observe(
            _meter, () => maps().Select(static map => new Measurement<long>(map.Read.ToUnixTimeSeconds(), Mapped(map.Listener, map.Path))));
        MetricCatalogue.UserMapCurrent.Observe(
            _meter, () => maps().Select(static map => new Measurement<int>(map.IsCurrent ? 1 : 0, Mapped(map.Listener, map.Path))));
    }

    /// <summary>Reports how many connections there may be, and how many listeners with a limit of their own may have.</summary>
    public void ObserveConnectionLimit(Func<int> limit, Func<IEnumerable<(string Listener, int Limit)>> listeners)
    {
        MetricCatalogue.ConnectionLimit.Observe<int>(_meter, () => [new(limit())]);
        MetricCatalogue.ListenerConnectionLimit.Observe(
            _meter, () => listeners().Select(static listener => new Measurement<int>(listener.Limit, MetricLabels.Listener.Is(listener.Listener))));
    }

    /// <summary>Reports 1 while draining.</summary>
    public void ObserveDrain(Func<bool> draining) => MetricCatalogue.Draining.Observe<int>(_meter, () => [new(draining() ? 1 : 0)]);

    /// <summary>Reports which library makes TLS.</summary>
    public void ObserveTlsLibrary(string library) =>
        MetricCatalogue.TlsLibrary.Observe<int>(_meter, () => [new(1, MetricLabels.TlsLibrary.Is(library))]);

    /// <summary>Reports the stalls of event loops, by the loop's number.</summary>
    public void ObserveLoops(Func<IReadOnlyList<long>> stalls) =>
        MetricCatalogue.LoopStalls.Observe(
            _meter, () => stalls().Select(static (count, loop) => new Measurement<long>(count, MetricLabels.Loop.Is(loop))));

    /// <summary>Reports the native objects an engine holds, by kind.</summary>
    public void ObserveNativeObjects(Func<IReadOnlyList<(string Kind, long Count)>> objects) =>
        MetricCatalogue.NativeObjects.Observe(
            _meter, () => objects().Select(static held => new Measurement<long>(held.Count, MetricLabels.Kind.Is(held.Kind))));

    public void Started(ConnectionRecord record) => Find(_listeners, record.Listener)?.Add(record);

    public void TakenOver(ConnectionRecord record) => Find(_listeners, record.Listener)?.TakeOver(record);

    public void HandedOver(ConnectionRecord record) => Find(_listeners, record.Listener)?.Remove(record);

    public void Ended(ConnectionRecord record, TimeSpan lifetime)
    {
        Find(_listeners, record.Listener)?.Remove(record);
        if (record.IsBalancerCheck)
        {
            _balancerChecks.Add(1, MetricLabels.Listener.Is(record.Listener));
            return;
        }

        var tags = Common(record.Listener, record.Protocol);
        if (!record.CloseReason.IsSuccess())
        {
            tags.Add(MetricLabels.ConnectionError.Is(record.CloseReason.Tag()));
        }

        _connections.Record(lifetime.TotalSeconds, tags);
        if (record.BackendGreeted && record.CloseReason.EndedBy() is var (side, cause))
        {
            _idle.Record(
                record.Idle.TotalSeconds, MetricLabels.Listener.Is(record.Listener), MetricLabels.Side.Is(side), MetricLabels.Cause.Is(cause));
        }
    }

    public void HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed)
    {
        if (record.IsBalancerCheck)
        {
            return;
        }

        var tags = new TagList
        {
            MetricLabels.Listener.Is(record.Listener),
            MetricLabels.TlsTransport.Is((record.HasImplicitTls ? LoginTransport.Implicit : LoginTransport.StartTls).Tag()),
        };
        if (record.Facts.Tls is { } tls)
        {
            tags.Add(MetricLabels.TlsVersion.Is(tls.Version.Number()));
            _handshakes.Record(elapsed.TotalSeconds, tags);
            tags.Add(MetricLabels.Cipher.Is(tls.CipherSuite));
            tags.Add(MetricLabels.Group.Is(tls.Group ?? KeyExchangeGroups.Other));
            if (tls.Resumed is { } resumed)
            {
                tags.Add(MetricLabels.Resumed.Is(resumed));
            }

            _ciphers.Add(1, tags);
            return;
        }

        tags.Add(MetricLabels.HandshakeError.Is(failure.Tag()));
        _handshakes.Record(elapsed.TotalSeconds, tags);
    }

    public void PolicyDecided(ConnectionRecord record)
    {
        var tags = new TagList { MetricLabels.Listener.Is(record.Listener), MetricLabels.Action.Is(record.PolicyAction.Tag()) };
        if (record.Policy is { } policy)
        {
            tags.Add(MetricLabels.Policy.Is(policy));
        }

        _policies.Add(1, tags);
    }

    public void LoginRouted(ConnectionRecord record) =>
        _routed.Add(1, MetricLabels.Listener.Is(record.Listener), MetricLabels.By.Is(record.RoutedBy.Tag()));

    public void LookedUp(ConnectionRecord record, LookupResult result, TimeSpan elapsed, bool isCached)
    {
        var tags = new TagList { MetricLabels.Listener.Is(record.Listener), MetricLabels.LookupResult.Is(result.Tag()) };
        if (isCached)
        {
            _cachedLookups.Add(1, tags);
        }
        else
        {
            _lookups.Record(elapsed.TotalSeconds, tags);
        }
    }

    public void BackendTried(ConnectionRecord record, string backend, string destination, TimeSpan elapsed, string? failure)
    {
        var tags = new TagList { MetricLabels.Backend.Is(backend) };
        if (failure is not null)
        {
            tags.Add(MetricLabels.ConnectError.Is(failure));
        }

        _connects.Record(elapsed.TotalSeconds, tags);
    }

    public void ProbeFailed(string backend, string destination, string failure)
    {
        var tags = Of(backend, destination);
        tags.Add(MetricLabels.ProbeError.Is(failure));
        _probeFailures.Add(1, tags);
    }

    public void LoginEnded(ConnectionRecord record, bool accepted)
    {
        var tags = Common(record.Listener, record.Protocol);
        tags.Add(Transport(record));
        tags.Add(Verdict(accepted));
        _logins.Add(1, tags);
    }

    public void CredentialsExposed(ConnectionRecord record) => _exposed.Add(1, Common(record.Listener, record.Protocol));

    public void MessageEnded(ConnectionRecord record, bool accepted) =>
        _messages.Add(1, MetricLabels.Listener.Is(record.Listener), Verdict(accepted));

    public void Reloaded(bool succeeded) => Interlocked.Increment(ref succeeded ? ref _acceptedReloads : ref _refusedReloads);

    /// <summary>Telemetry itself was lost: <paramref name="signal"/> is traces or logs.</summary>
    public void TelemetryDropped(string signal, string reason, long count) =>
        _dropped.Add(count, MetricLabels.Signal.Is(signal), MetricLabels.DropReason.Is(reason));

    /// <summary>So many logins stand in the inventory now.</summary>
    public void InventoryRecorded(int count) => _inventoryRecorded.Add(count);

    /// <summary>So many logins never will.</summary>
    public void InventoryDropped(int count) => Interlocked.Add(ref _inventoryDropped, count);

    /// <summary>There are a handful of listeners: looking through them is as quick as hashing a name.</summary>
    private static ListenerTraffic? Find(ImmutableArray<ListenerTraffic> listeners, string listener)
    {
        foreach (var traffic in listeners)
        {
            if (traffic.Listener == listener)
            {
                return traffic;
            }
        }

        return null;
    }

    private IEnumerable<Measurement<long>> OpenConnections() =>
        _listeners.Select(static traffic => new Measurement<long>(traffic.OpenConnections, Common(traffic.Listener, traffic.Protocol)));

    private IEnumerable<Measurement<long>> Bytes()
    {
        foreach (var traffic in _listeners)
        {
            var (fromClient, toClient) = traffic.Bytes();
            yield return new(fromClient, [.. Common(traffic.Listener, traffic.Protocol), MetricLabels.Direction.Is("client_to_backend")]);
            yield return new(toClient, [.. Common(traffic.Listener, traffic.Protocol), MetricLabels.Direction.Is("backend_to_client")]);
        }
    }

    private static KeyValuePair<string, object?> Verdict(bool accepted) => MetricLabels.Result.Is(accepted ? "accepted" : "refused");

    private static KeyValuePair<string, object?> Transport(ConnectionRecord record) => MetricLabels.Transport.Is(record.Transport.Tag());

    private static TagList Presented(string listener, string certificate) =>
        new() { MetricLabels.Listener.Is(listener), MetricLabels.Certificate.Is(certificate) };

    private static TagList Mapped(string listener, string path) => new() { MetricLabels.Listener.Is(listener), MetricLabels.Map.Is(path) };

    private static TagList Of(string backend, string destination) =>
        new() { MetricLabels.Backend.Is(backend), MetricLabels.Destination.Is(destination) };

    private static TagList Common(string listener, string protocol) =>
        new() { MetricLabels.Listener.Is(listener), MetricLabels.Protocol.Is(protocol) };
}
