using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>
/// The instruments of the meter <c>TlsFront</c>. Labels come from configuration and closed lists, never from a client, so their number is
/// known when the gateway starts.
/// </summary>
internal sealed class TlsFrontMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "TlsFront";

    /// <summary>Up to a day, because an IDLE session lives for hours.</summary>
    private static readonly double[] ConnectionSeconds = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14400, 43200, 86400];

    /// <summary>From a millisecond, because a P-256 handshake takes two.</summary>
    private static readonly double[] HandshakeSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Meter _meter;
    private readonly Histogram<double> _connections;
    private readonly Histogram<double> _handshakes;
    private readonly Counter<long> _ciphers;
    private readonly Histogram<double> _connects;
    private readonly Counter<long> _probeFailures;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _logins;
    private readonly Counter<long> _reloads;
    private ImmutableArray<ListenerTraffic> _listeners = [];

    public TlsFrontMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _connections = _meter.CreateHistogram("tlsfront.connection.duration", "s", "Lifetime of connections.", advice: Buckets(ConnectionSeconds));
        _handshakes = _meter.CreateHistogram("tlsfront.tls.handshake.duration", "s", "TLS handshakes with clients.", advice: Buckets(HandshakeSeconds));
        _ciphers = _meter.CreateCounter<long>("tlsfront.tls.handshakes", "{handshake}", "TLS handshakes that succeeded, by version, cipher suite, group and resumption.");
        _connects = _meter.CreateHistogram("tlsfront.backend.connect.duration", "s", "Tries to connect a backend's destination.", advice: Buckets(HandshakeSeconds));
        _probeFailures = _meter.CreateCounter<long>("tlsfront.backend.probe.failures", "{probe}", "Probes that a destination failed.");
        _messages = _meter.CreateCounter<long>("tlsfront.messages", "{message}", "Messages handed in over SMTP.");
        _logins = _meter.CreateCounter<long>("tlsfront.logins", "{login}", "Logins, by the backend's verdict.");
        _reloads = _meter.CreateCounter<long>("tlsfront.config.reloads", "{reload}", "Reloads of the configuration.");
        _meter.CreateObservableUpDownCounter("tlsfront.active_connections", OpenConnections, "{connection}", "Connections open now.");
        _meter.CreateObservableCounter("tlsfront.proxy.io", Bytes, "By", "Plaintext bytes relayed, those of open connections included.");
    }

    /// <summary>The listeners reported.</summary>
    public ImmutableArray<ListenerTraffic> Listeners => _listeners;

    /// <summary>Reports a listener from now on, with zeros until it has its first connection.</summary>
    public ListenerTraffic Watch(string listener, string protocol)
    {
        var traffic = new ListenerTraffic(listener, protocol);
        ImmutableInterlocked.Update(ref _listeners, static (listeners, added) => listeners.Add(added), traffic);
        return traffic;
    }

    /// <summary>Reports when each certificate expires, asked for at each collection. Names are configuration.</summary>
    public void ObserveCertificates(Func<IEnumerable<(string Name, DateTimeOffset NotAfter)>> certificates) =>
        _meter.CreateObservableGauge(
            "tlsfront.certificate.not_after",
            () => certificates().Select(static certificate => new Measurement<long>(
                certificate.NotAfter.ToUnixTimeSeconds(), new KeyValuePair<string, object?>("tlsfront.certificate", certificate.Name))),
            "s",
            "End of a loaded certificate's validity, in seconds since 1970.");

    /// <summary>Reports each destination's sessions and whether it gets more, asked for at each collection. Names and addresses are configuration.</summary>
    public void ObserveDestinations(Func<IEnumerable<(string Backend, string Destination, int Sessions, bool IsAvailable)>> destinations)
    {
        _meter.CreateObservableUpDownCounter(
            "tlsfront.backend.active_sessions",
            () => destinations().Select(static entry => new Measurement<int>(entry.Sessions, Of(entry.Backend, entry.Destination))),
            "{session}",
            "Sessions of a destination now, those that are connecting included.");
        _meter.CreateObservableGauge(
            "tlsfront.backend.available",
            () => destinations().Select(static entry => new Measurement<int>(entry.IsAvailable ? 1 : 0, Of(entry.Backend, entry.Destination))),
            description: "1 while a destination gets sessions, 0 while probes or sessions found it unhealthy.");
    }

    /// <summary>Reports how many sessions wait for a free place at each backend.</summary>
    public void ObserveQueues(Func<IEnumerable<(string Backend, int Waiting)>> queues) =>
        _meter.CreateObservableUpDownCounter(
            "tlsfront.backend.queued_sessions",
            () => queues().Select(static queue => new Measurement<int>(queue.Waiting, new KeyValuePair<string, object?>("tlsfront.backend", queue.Backend))),
            "{session}",
            "Sessions that wait because every destination has as many as it may have.");

    /// <summary>Reports how many connections there may be.</summary>
    public void ObserveConnectionLimit(Func<int> limit) =>
        _meter.CreateObservableGauge("tlsfront.connections.limit", limit, "{connection}", "Most connections at once: limits.connections or what open files allow, whichever is less.");

    /// <summary>Reports 1 while draining.</summary>
    public void ObserveDrain(Func<bool> draining) =>
        _meter.CreateObservableGauge("tlsfront.draining", () => draining() ? 1 : 0, description: "1 while the gateway is draining.");

    /// <summary>Reports the stalls of event loops, by the loop's number.</summary>
    public void ObserveLoops(Func<IReadOnlyList<long>> stalls) =>
        _meter.CreateObservableCounter(
            "tlsfront.loop.stalls",
            () => stalls().Select(static (count, loop) => new Measurement<long>(count, new KeyValuePair<string, object?>("tlsfront.loop", loop))),
            "{stall}",
            "Turns of an event loop that kept its sessions waiting for more than 50 ms.");

    /// <summary>Reports the native objects an engine holds, by kind.</summary>
    public void ObserveNativeObjects(Func<IReadOnlyList<(string Kind, long Count)>> objects) =>
        _meter.CreateObservableUpDownCounter(
            "tlsfront.native.objects",
            () => objects().Select(static held => new Measurement<long>(held.Count, new KeyValuePair<string, object?>("tlsfront.kind", held.Kind))),
            "{object}",
            "Objects of OpenSSL and the kernel that the native engine holds.");

    public void ConnectionEnded(ConnectionRecord record, TimeSpan lifetime)
    {
        var tags = Common(record.Listener, record.Protocol);
        AddError(ref tags, record.CloseReason);
        _connections.Record(lifetime.TotalSeconds, tags);
    }

    public void HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed)
    {
        var tags = new TagList { { "tlsfront.listener", record.Listener } };
        if (record.Facts.Tls is { } tls)
        {
            tags.Add("tls.protocol.version", tls.Version.Number());
            _handshakes.Record(elapsed.TotalSeconds, tags);
            tags.Add("tls.cipher", tls.CipherSuite);
            tags.Add("tls.curve", tls.Group ?? KeyExchangeGroups.Other);
            if (tls.Resumed is { } resumed)
            {
                tags.Add("tls.resumed", resumed);
            }

            _ciphers.Add(1, tags);
            return;
        }

        AddError(ref tags, failure);
        _handshakes.Record(elapsed.TotalSeconds, tags);
    }

    public void BackendTried(string backend, TimeSpan elapsed, string? failure)
    {
        var tags = new TagList { { "tlsfront.backend", backend } };
        if (failure is not null)
        {
            tags.Add("error.type", failure);
        }

        _connects.Record(elapsed.TotalSeconds, tags);
    }

    public void ProbeFailed(string backend, string destination, string failure)
    {
        var tags = Of(backend, destination);
        tags.Add("error.type", failure);
        _probeFailures.Add(1, tags);
    }

    public void LoginEnded(ConnectionRecord record, bool accepted)
    {
        var tags = Common(record.Listener, record.Protocol);
        tags.Add("tlsfront.result", accepted ? "accepted" : "refused");
        _logins.Add(1, tags);
    }

    public void MessageEnded(ConnectionRecord record, bool accepted)
    {
        var tags = new TagList { { "tlsfront.listener", record.Listener }, { "tlsfront.result", accepted ? "accepted" : "refused" } };
        _messages.Add(1, tags);
    }

    public void ConfigurationReloaded(bool succeeded) =>
        _reloads.Add(1, new TagList { { "tlsfront.result", succeeded ? "accepted" : "refused" } });

    private static InstrumentAdvice<double> Buckets(double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };

    private IEnumerable<Measurement<long>> OpenConnections() =>
        _listeners.Select(static traffic => new Measurement<long>(traffic.OpenConnections, Common(traffic.Listener, traffic.Protocol)));

    private IEnumerable<Measurement<long>> Bytes()
    {
        foreach (var traffic in _listeners)
        {
            var (fromClient, toClient) = traffic.Bytes();
            yield return new(fromClient, [.. Common(traffic.Listener, traffic.Protocol), new("tlsfront.direction", "client_to_backend")]);
            yield return new(toClient, [.. Common(traffic.Listener, traffic.Protocol), new("tlsfront.direction", "backend_to_client")]);
        }
    }

    private static TagList Of(string backend, string destination) => new()
    {
        { "tlsfront.backend", backend },
        { "tlsfront.destination", destination },
    };

    private static TagList Common(string listener, string protocol) => new()
    {
        { "tlsfront.listener", listener },
        { "network.protocol.name", protocol },
    };

    private static void AddError(ref TagList tags, CloseReason reason)
    {
        if (!reason.IsSuccess())
        {
            tags.Add("error.type", reason.Tag());
        }
    }
}
