using System.Diagnostics;
using System.Net.Sockets;
using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>
/// The spans of sampled connections: one from accept to the moment the session is served, and below it one for each step, made when the step is over.
/// Parents are named, never taken from <see cref="Activity.Current"/>: a connection goes on in threads of the pool and of its loop, which serve
/// others between. An unsampled connection costs a random number, and without a collector not even that.
/// </summary>
internal sealed class ConnectionSpans(TraceSampling sampling, TimeProvider time) : IConnectionEvents, IDisposable
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "TlsFront";

    private readonly ActivitySource _source = new(SourceName);

    public void Started(ConnectionRecord record)
    {
        if (!_source.HasListeners() || !sampling.Next())
        {
            return;
        }

        var current = Activity.Current;
        var started = time.GetUtcNow();
        if (_source.StartActivity($"connection {record.Listener}", ActivityKind.Server, parentContext: default, startTime: started) is { } root)
        {
            record.Trace = new ConnectionTrace(root);
            Activity.Current = current;
        }
    }

    public void HeaderEnded(ConnectionRecord record, TimeSpan elapsed)
    {
        if (record.Trace is { } trace)
        {
            Add(trace, "proxy header", ActivityKind.Internal, elapsed, Failure(record.CloseReason));
        }
    }

    public void HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed)
    {
        if (record.Trace is not { } trace)
        {
            return;
        }

        if (record.Facts.Tls is { } tls)
        {
            Add(
                trace, "tls handshake", ActivityKind.Internal, elapsed, Failure(failure),
                new("tls.protocol.name", "tls"), new("tls.protocol.version", tls.Version.Number()), new("tls.cipher", tls.CipherSuite),
                new("tls.curve", tls.Group), new("tls.resumed", tls.Resumed), new("tls.next_protocol", tls.ApplicationProtocol),
                new("server.address", tls.ServerName));
        }
        else
        {
            Add(trace, "tls handshake", ActivityKind.Internal, elapsed, Failure(record));
        }
    }

    public void LookedUp(ConnectionRecord record, LookupResult result, TimeSpan elapsed, bool isCached)
    {
        if (record.Trace is { } trace)
        {
            Add(
                trace, "lookup", isCached ? ActivityKind.Internal : ActivityKind.Client, elapsed, result.IsFailure() ? result.Tag() : null,
                new("tlsfront.listener", record.Listener), new("tlsfront.result", result.Tag()), new("tlsfront.cached", isCached));
        }
    }

    public void DestinationPicked(ConnectionRecord record, string backend, string? destination, TimeSpan elapsed)
    {
        if (record.Trace is { } trace)
        {
            Add(
                trace, "route", ActivityKind.Internal, elapsed, destination is null ? "no_destination" : null,
                new("tlsfront.listener", record.Listener), new("tlsfront.backend", backend), new("tlsfront.destination", destination),
                new("tlsfront.by", record.RoutedBy.Tag()), new("tlsfront.sticky", record.RoutedBy == RoutedBy.None ? null : record.IsSticky));
        }
    }

    public void BackendTried(ConnectionRecord record, string backend, string destination, TimeSpan elapsed, string? failure)
    {
        if (record.Trace is { } trace)
        {
            Add(
                trace, "backend connect", ActivityKind.Client, elapsed, failure, new("tlsfront.backend", backend),
                new("tlsfront.destination", destination));
            trace.Connected = time.GetTimestamp();
        }
    }

    /// <summary>The session is served: what its clients wait for from here on is their own dialogue.</summary>
    public void Greeted(ConnectionRecord record)
    {
        if (record.Trace is { Root.IsStopped: false } trace)
        {
            Add(
                trace, "backend greeting", ActivityKind.Client, time.GetElapsedTime(trace.Connected), failure: null,
                new("tlsfront.backend", record.Backend), new("tlsfront.destination", record.Destination));
            End(record, trace.Root);
        }
    }

    /// <summary>The connection ended, perhaps before its session was served.</summary>
    public void Ended(ConnectionRecord record, TimeSpan lifetime)
    {
        if (record.Trace is { Root.IsStopped: false } trace)
        {
            End(record, trace.Root);
        }
    }

    public void Dispose() => _source.Dispose();

    /// <summary>A load balancer's check did what it was opened for.</summary>
    private static string? Failure(ConnectionRecord record) => record.IsBalancerCheck ? null : Failure(record.CloseReason);

    private static string? Failure(CloseReason reason) => reason.IsSuccess() ? null : reason.Tag();

    private static void Fail(Activity span, string? failure, string? words)
    {
        if (failure is not null)
        {
            span.SetTag("error.type", failure);
            span.SetStatus(ActivityStatusCode.Error, words);
        }
    }

    private void Add(
        ConnectionTrace trace, string name, ActivityKind kind, TimeSpan elapsed, string? failure,
        params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var end = time.GetUtcNow();
        if (_source.StartActivity(name, kind, trace.Root.Context, startTime: end - elapsed) is not { } span)
        {
            return;
        }

        // Null takes a tag away, so what is not known is not there.
        foreach (var (tag, value) in tags)
        {
            span.SetTag(tag, value);
        }

        Fail(span, failure, words: null);
        span.SetEndTime(end.UtcDateTime);
        span.Stop();
    }

    private void End(ConnectionRecord record, Activity root)
    {
        var (facts, peer) = (record.Facts, record.Via ?? record.Facts.Client);
        root.SetTag("tlsfront.connection.id", facts.Id);
        root.SetTag("tlsfront.listener", record.Listener);
        root.SetTag("network.protocol.name", record.Protocol);
        root.SetTag("network.transport", "tcp");
        root.SetTag("network.type", facts.Client.AddressFamily == AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4");
        root.SetTag("client.address", facts.Client.Address.ToString());
        root.SetTag("client.port", facts.Client.Port);
        root.SetTag("network.peer.address", peer.Address.ToString());
        root.SetTag("network.peer.port", peer.Port);
        root.SetTag("server.address", facts.Tls?.ServerName);
        root.SetTag("tlsfront.backend", record.Backend);
        root.SetTag("tlsfront.destination", record.Destination);
        Fail(root, Failure(record), record.CloseReason.Words());
        root.SetEndTime(time.GetUtcNow().UtcDateTime);
        root.Stop();
    }
}
