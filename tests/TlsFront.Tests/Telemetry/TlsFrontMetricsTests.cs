using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using TlsFront.Connections;

namespace TlsFront.Tests.Telemetry;

public sealed class TlsFrontMetricsTests : IDisposable
{
    private static readonly KeyValuePair<string, object?>[] Imaps = [new("tlsfront.listener", "imaps"), new("network.protocol.name", "imap")];
    private readonly TelemetryRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Open_connections_are_counted_while_they_are_open()
    {
        using var collector = _rig.Collect<long>("tlsfront.active_connections");
        var within = new List<long>();
        var middleware = _rig.Middleware((_, _) =>
        {
            within.Add(Observe(collector).Single().Value);
            return Task.CompletedTask;
        });
        var before = Observe(collector).Single();
        await middleware.OnConnectionAsync(TelemetryRig.Context());
        var after = Observe(collector).Single();

        Assert.Equal((0, 0), (before.Value, after.Value));
        Assert.Equal([1], within);
        AssertTags(before, Imaps);
    }

    [Fact]
    public async Task The_lifetime_of_a_connection_has_no_error_when_it_ended_well()
    {
        using var collector = _rig.Collect<double>("tlsfront.connection.duration");
        await _rig.RunAsync(record =>
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(42));
            record.Close(CloseReason.Completed);
        });

        var measurement = collector.LastMeasurement!;
        Assert.Equal(42, measurement.Value);
        AssertTags(measurement, Imaps);
    }

    [Fact]
    public async Task The_lifetime_of_a_connection_names_the_reason_when_it_did_not()
    {
        using var collector = _rig.Collect<double>("tlsfront.connection.duration");
        await _rig.RunAsync(record => record.Close(CloseReason.BackendUnavailable));

        AssertTags(collector.LastMeasurement!, [.. Imaps, new("error.type", "backend_unavailable")]);
    }

    [Fact]
    public async Task A_connection_that_fails_by_a_bug_is_counted_and_logged_as_one()
    {
        using var collector = _rig.Collect<double>("tlsfront.connection.duration");
        await _rig.Middleware((_, _) => throw new InvalidOperationException("a bug")).OnConnectionAsync(TelemetryRig.Context());

        AssertTags(collector.LastMeasurement!, [.. Imaps, new("error.type", "internal_error")]);
        Assert.Contains(_rig.Logs, log => log.Exception is InvalidOperationException);
    }

    [Fact]
    public async Task Handshakes_are_timed_by_version_and_counted_by_cipher()
    {
        using var durations = _rig.Collect<double>("tlsfront.tls.handshake.duration");
        using var handshakes = _rig.Collect<long>("tlsfront.tls.handshakes");
        await _rig.RunAsync(record => record.Secured(TelemetryRig.Tls13(), TimeSpan.FromMilliseconds(3)));

        Assert.Equal(0.003, durations.LastMeasurement!.Value);
        AssertTags(
            durations.LastMeasurement!, new("tlsfront.listener", "imaps"), new("tlsfront.transport", "implicit"), new("tls.protocol.version", "1.3"));
        Assert.Equal(1, handshakes.LastMeasurement!.Value);
        AssertTags(
            handshakes.LastMeasurement!, new("tlsfront.listener", "imaps"), new("tlsfront.transport", "implicit"), new("tls.protocol.version", "1.3"),
            new("tls.cipher", "TLS_AES_256_GCM_SHA384"), new("tls.curve", "X25519MLKEM768"), new("tls.resumed", true));
    }

    [Fact]
    public async Task A_handshake_whose_group_is_not_known_counts_as_one_of_another()
    {
        using var handshakes = _rig.Collect<long>("tlsfront.tls.handshakes");
        await _rig.RunAsync(record => record.Secured(TelemetryRig.Tls13() with { Group = null, Resumed = null }, TimeSpan.Zero));

        AssertTags(
            handshakes.LastMeasurement!, new("tlsfront.listener", "imaps"), new("tlsfront.transport", "implicit"), new("tls.protocol.version", "1.3"),
            new("tls.cipher", "TLS_AES_256_GCM_SHA384"), new("tls.curve", "other"));
    }

    [Fact]
    public async Task A_failed_handshake_is_timed_with_its_reason_and_counts_as_none()
    {
        using var durations = _rig.Collect<double>("tlsfront.tls.handshake.duration");
        using var handshakes = _rig.Collect<long>("tlsfront.tls.handshakes");
        await _rig.RunAsync(
            record => record.HandshakeFailed(CloseReason.TlsVersionTooOld, "client offers at most TLS 1.0", TimeSpan.FromMilliseconds(1)));

        AssertTags(
            durations.LastMeasurement!, new("tlsfront.listener", "imaps"), new("tlsfront.transport", "implicit"),
            new("error.type", "tls_version_too_old"));
        Assert.Empty(handshakes.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Requests_of_lookups_are_timed_and_remembered_answers_counted()
    {
        using var requests = _rig.Collect<double>("tlsfront.lookup.duration");
        using var remembered = _rig.Collect<long>("tlsfront.lookup.cached");
        await _rig.RunAsync(record =>
        {
            record.LookedUp(LookupResult.UnknownServer, TimeSpan.FromMilliseconds(3), isCached: false);
            record.LookedUp(LookupResult.Found, TimeSpan.Zero, isCached: true);
        });

        Assert.Equal(0.003, Assert.Single(requests.GetMeasurementSnapshot()).Value);
        AssertTags(requests.LastMeasurement!, new("tlsfront.listener", "imaps"), new("tlsfront.result", "unknown_server"));
        Assert.Equal(1, Assert.Single(remembered.GetMeasurementSnapshot()).Value);
        AssertTags(remembered.LastMeasurement!, new("tlsfront.listener", "imaps"), new("tlsfront.result", "found"));
    }

    [Fact]
    public async Task Every_try_to_connect_a_backend_is_timed()
    {
        using var collector = _rig.Collect<double>("tlsfront.backend.connect.duration");
        await _rig.RunAsync(record =>
        {
            record.BackendTried("dovecot-imap", "192.0.2.1:10143", TimeSpan.FromSeconds(2), "timeout");
            record.BackendTried("dovecot-imap", "192.0.2.2:10143", TimeSpan.FromSeconds(0.5), null);
        });

        var tries = collector.GetMeasurementSnapshot();
        Assert.Equal([2, 0.5], tries.Select(measurement => measurement.Value));
        AssertTags(tries[0], new("tlsfront.backend", "dovecot-imap"), new("error.type", "timeout"));
        AssertTags(tries[1], new KeyValuePair<string, object?>("tlsfront.backend", "dovecot-imap"));
    }

    [Fact]
    public async Task Bytes_are_counted_while_a_connection_is_open_and_stay_counted_when_it_ended()
    {
        using var collector = _rig.Collect<long>("tlsfront.proxy.io");
        var open = new List<CollectedMeasurement<long>>();
        var middleware = _rig.Middleware((_, record) =>
        {
            record.BytesFromClient += 10;
            record.BytesToClient += 1000;
            open.AddRange(Observe(collector));
            record.BytesToClient += 1;
            return Task.CompletedTask;
        });
        await middleware.OnConnectionAsync(TelemetryRig.Context());
        await middleware.OnConnectionAsync(TelemetryRig.Context());

        Assert.Equal([10, 1000, 20, 2001], open.Select(measurement => measurement.Value));
        Assert.Equal([20, 2002], Observe(collector).Select(measurement => measurement.Value));
        AssertTags(open[0], [.. Imaps, new("tlsfront.direction", "client_to_backend")]);
        AssertTags(open[1], [.. Imaps, new("tlsfront.direction", "backend_to_client")]);
    }

    [Fact]
    public async Task Messages_and_logins_are_counted_by_the_verdict()
    {
        using var messages = _rig.Collect<long>("tlsfront.messages");
        using var logins = _rig.Collect<long>("tlsfront.logins");
        await _rig.RunAsync(
            record =>
            {
                ISessionObserver observer = record;
                observer.LoginFailed();
                observer.LoginSucceeded("demo");
                observer.MessageAccepted();
                observer.MessageRefused();
            },
            "submissions");

        KeyValuePair<string, object?> listener = new("tlsfront.listener", "submissions");
        KeyValuePair<string, object?> protocol = new("network.protocol.name", "smtp");
        KeyValuePair<string, object?> security = new("tlsfront.transport", "implicit");
        AssertTags(logins.GetMeasurementSnapshot()[0], listener, protocol, security, new("tlsfront.result", "refused"));
        AssertTags(logins.GetMeasurementSnapshot()[1], listener, protocol, security, new("tlsfront.result", "accepted"));
        AssertTags(messages.GetMeasurementSnapshot()[0], listener, new("tlsfront.result", "accepted"));
        AssertTags(messages.GetMeasurementSnapshot()[1], listener, new("tlsfront.result", "refused"));
    }

    [Theory]
    [InlineData(RoutedBy.Default, "default")]
    [InlineData(RoutedBy.Route, "route")]
    [InlineData(RoutedBy.Map, "map")]
    [InlineData(RoutedBy.Lookup, "lookup")]
    [InlineData(RoutedBy.Move, "move")]
    public async Task Held_logins_are_counted_by_what_decided_where_they_go(object by, string tag)
    {
        using var collector = _rig.Collect<long>("tlsfront.logins.routed");
        await _rig.RunAsync(record => record.LoginRouted((RoutedBy)by, isSticky: true));

        Assert.Equal(1, collector.LastMeasurement!.Value);
        AssertTags(collector.LastMeasurement!, new("tlsfront.listener", "imaps"), new("tlsfront.by", tag));
    }

    [Fact]
    public void Logins_that_wait_are_observed_and_so_are_the_user_maps()
    {
        _rig.Metrics.ObserveHeldLogins(static () => 2);
        _rig.Metrics.ObserveUserMaps(static () => [("imaps", "/etc/users.map", 4, DateTimeOffset.FromUnixTimeSeconds(1_800_000_000), false)]);
        using var waiting = _rig.Collect<int>("tlsfront.logins.waiting");
        using var entries = _rig.Collect<int>("tlsfront.user_map.entries");
        using var read = _rig.Collect<long>("tlsfront.user_map.read");
        using var current = _rig.Collect<int>("tlsfront.user_map.current");

        Assert.Equal(2, Observe(waiting).Single().Value);
        AssertTags(waiting.LastMeasurement!);
        Assert.Equal((4, 1_800_000_000, 0), (Observe(entries).Single().Value, Observe(read).Single().Value, Observe(current).Single().Value));
        AssertTags(entries.LastMeasurement!, new("tlsfront.listener", "imaps"), new("tlsfront.map", "/etc/users.map"));
    }

    [Fact]
    public void Certificates_are_observed_as_they_are_at_the_time()
    {
        var expiry = new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);
        _rig.Metrics.ObserveCertificates(() => [("/etc/mail.pem", expiry)]);
        using var collector = _rig.Collect<long>("tlsfront.certificate.not_after");
        var first = Observe(collector).Single();
        expiry = expiry.AddDays(90);
        var renewed = Observe(collector).Single();

        Assert.Equal(expiry.AddDays(-90).ToUnixTimeSeconds(), first.Value);
        Assert.Equal(expiry.ToUnixTimeSeconds(), renewed.Value);
        AssertTags(first, new KeyValuePair<string, object?>("tlsfront.certificate", "/etc/mail.pem"));
    }

    [Fact]
    public void Ends_of_revocation_lists_are_observed_as_they_are_at_the_time()
    {
        var end = new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);
        (string, DateTimeOffset)[] files = [("/etc/users-crl.pem", end)];
        _rig.Metrics.ObserveRevocationLists(() => files);
        using var collector = _rig.Collect<long>("tlsfront.revocation_list.next_update");
        var first = Observe(collector).Single();
        files = [];

        Assert.Equal(end.ToUnixTimeSeconds(), first.Value);
        AssertTags(first, new KeyValuePair<string, object?>("tlsfront.revocation_list", "/etc/users-crl.pem"));
        Assert.Empty(Observe(collector));
    }

    [Fact]
    public void Reloads_are_counted_by_their_result_from_zero_on()
    {
        var metrics = _rig.Metrics;
        using var collector = _rig.Collect<long>("tlsfront.config.reloads");
        Assert.Equal([0, 0], Observe(collector).Select(count => count.Value));
        metrics.Reloaded(succeeded: true);
        metrics.Reloaded(succeeded: false);
        metrics.Reloaded(succeeded: false);

        var counts = Observe(collector);
        Assert.Equal([1, 2], counts.Select(count => count.Value));
        AssertTags(counts[0], new KeyValuePair<string, object?>("tlsfront.result", "accepted"));
        AssertTags(counts[1], new KeyValuePair<string, object?>("tlsfront.result", "refused"));
    }

    [Fact]
    public void What_listeners_present_is_told_by_listener_and_certificate()
    {
        using var served = _rig.Collect<int>("tlsfront.certificate.served");
        using var until = _rig.Collect<long>("tlsfront.certificate.served_not_after");
        _rig.Metrics.ObserveServedCertificates(
            () => [("imaps", "/etc/mail.pem", true, DateTimeOffset.FromUnixTimeSeconds(1_800_000_000)), ("pop3s", "/etc/mail.pem", false, null)]);
        KeyValuePair<string, object?>[][] tags =
        [
            [new("tlsfront.listener", "imaps"), new("tlsfront.certificate", "/etc/mail.pem")],
            [new("tlsfront.listener", "pop3s"), new("tlsfront.certificate", "/etc/mail.pem")],
        ];

        var verdicts = Observe(served);
        Assert.Equal([1, 0], verdicts.Select(verdict => verdict.Value));
        AssertTags(verdicts[0], tags[0]);
        AssertTags(verdicts[1], tags[1]);
        var end = Assert.Single(Observe(until));
        Assert.Equal(1_800_000_000, end.Value);
        AssertTags(end, tags[0]);
    }

    [Fact]
    public void Draining_is_observed()
    {
        var draining = false;
        _rig.Metrics.ObserveDrain(() => draining);
        using var collector = _rig.Collect<int>("tlsfront.draining");
        var before = Observe(collector).Single().Value;
        draining = true;

        Assert.Equal((0, 1), (before, Observe(collector).Single().Value));
    }

    [Fact]
    public void Stalls_are_counted_by_loop_and_native_objects_by_kind()
    {
        _rig.Metrics.ObserveLoops(static () => [0, 3]);
        _rig.Metrics.ObserveNativeObjects(static () => [("ssl", 7)]);
        using var stalls = _rig.Collect<long>("tlsfront.loop.stalls");
        using var objects = _rig.Collect<long>("tlsfront.native.objects");

        var second = Observe(stalls)[1];
        Assert.Equal(3, second.Value);
        AssertTags(second, new KeyValuePair<string, object?>("tlsfront.loop", 1));
        Assert.Equal(7, Observe(objects).Single().Value);
        AssertTags(Observe(objects).Single(), new KeyValuePair<string, object?>("tlsfront.kind", "ssl"));
    }

    private static IReadOnlyList<CollectedMeasurement<T>> Observe<T>(MetricCollector<T> collector)
        where T : struct
    {
        collector.Clear();
        collector.RecordObservableInstruments();
        return collector.GetMeasurementSnapshot();
    }

    /// <summary>Exactly these: a tag too many multiplies the series.</summary>
    private static void AssertTags<T>(CollectedMeasurement<T> measurement, params KeyValuePair<string, object?>[] tags)
        where T : struct =>
            Assert.Equal(tags.OrderBy(tag => tag.Key, StringComparer.Ordinal), measurement.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal));
}
